#include "time_cell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAY = 86400 };

/* ---- the calendar ---- */

/* Days since 1970-01-01: whole years of 365 days, and the leap days before March of this one. */
static long days_of(long year, int month, int day)
{
    static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
    const long y = year - (month < 3), leaps = (y >= 0 ? y / 4 - y / 100 + y / 400 : 0);
    return 365 * (year - 1970) + (leaps - 477) + before[month - 1] + day - 1;
}

static int is_leap(long year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

static int days_in(long year, int month)
{
    return month == 2 ? 28 + is_leap(year) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

tl_date tl_date_of(double seconds)
{
    const double days = floor(seconds / DAY);
    long n = (long)days;
    tl_date d = { .year = 1970 + (n < 0 ? n / 365 - 1 : n / 366), .month = 1, .second = seconds - DAY * days, .weekday = (int)(((n + 3) % 7 + 7) % 7) };
    while (d.year < 9999 && days_of(d.year + 1, 1, 1) <= n)
        d.year++;
    d.yearday = (int)(n - days_of(d.year, 1, 1));
    d.days = 365 + is_leap(d.year);
    while (d.month < 12 && days_of(d.year, d.month + 1, 1) <= n)
        d.month++;
    d.day = (int)(n - days_of(d.year, d.month, 1)) + 1;
    return d;
}

/* ---- reading ---- */

/* Exactly `count` digits, or -1. */
static int digits(const char **s, int count)
{
    int n = 0;
    for (int i = 0; i < count; i++) {
        if ((*s)[i] < '0' || (*s)[i] > '9')
            return -1;
        n = 10 * n + ((*s)[i] - '0');
    }
    *s += count;
    return n;
}

static int take(const char **s, char c)
{
    const int there = **s == c;
    *s += there;
    return there;
}

/* Z, +02:00, +0200, +02; nothing. Seconds east of Greenwich. */
static int read_offset(const char **s, double *seconds)
{
    const char *begun = *s + strspn(*s, " ");
    *seconds = 0;
    if (*begun == 'Z' || *begun == 'z') {
        *s = begun + 1;
        return 0;
    }
    if (*begun != '+' && *begun != '-')
        return 0;
    *s = begun + 1;
    const int hours = digits(s, 2), colon = take(s, ':'), minutes = colon || **s ? digits(s, 2) : 0;
    if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59)
        return -1;
    *seconds = (*begun == '-' ? -60.0 : 60.0) * (60 * hours + minutes);
    return 0;
}

/* 13:30, 13:30:05, 13:30:05.25 and an offset, behind a date. */
static int read_clock(const char *s, double *seconds, tl_time_style *style)
{
    double east;
    const int hour = digits(&s, 2), minute = take(&s, ':') ? digits(&s, 2) : -1;
    int second = 0;
    *style = TL_TIME_MINUTE;
    if (take(&s, ':')) {
        second = digits(&s, 2);
        *style = TL_TIME_SECOND;
    }
    if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60 || (hour == 24 && minute + second > 0))
        return -1;
    *seconds = 3600.0 * hour + 60.0 * minute + second;
    if (*style == TL_TIME_SECOND && (*s == '.' || *s == ',')) {
        double unit = 0.1;
        if (s[1] < '0' || s[1] > '9')
            return -1;
        for (s++; *s >= '0' && *s <= '9'; s++, unit /= 10)
            *seconds += unit * (*s - '0');
    }
    if (read_offset(&s, &east))
        return -1;
    *seconds -= east;
    return *s ? -1 : 0;
}

static int read_iso(const char *s, double *seconds, tl_time_style *style)
{
    const int year = digits(&s, 4);
    double clock = 0;
    int month = 1, day = 1;
    *style = TL_TIME_YEAR;
    const char mark = *s;
    if (year > 0 && (mark == '-' || mark == '/')) {
        s++;
        month = digits(&s, 2);
        *style = TL_TIME_MONTH;
        if (take(&s, mark)) {
            day = digits(&s, 2);
            *style = TL_TIME_DAY;
        }
    }
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in(year, month))
        return -1;
    if (*style == TL_TIME_DAY && (*s == 'T' || *s == 't' || *s == ' ') && read_clock(s + 1, &clock, style))
        return -1;
    if (*style <= TL_TIME_DAY && *s)
        return -1;
    *seconds = (double)DAY * (double)days_of(year, month, day) + clock;
    return 0;
}

/* Numbers alone: no blanks, hexadecimals, infinities. */
static int read_unix(const char *s, double *seconds, double *unit)
{
    char *end;
    if (!*s || strspn(s, "0123456789.-") != strlen(s) || strlen(s) > 40)
        return -1;
    const double x = strtod(s, &end), size = fabs(x);
    *unit = size >= 1e17 ? 1e-9 : size >= 1e14 ? 1e-6 : size >= 1e11 ? 1e-3 : 1;
    *seconds = x * *unit;
    return *end || end == s ? -1 : 0;
}

static int read_format(const char *s, const char *format, double *seconds, tl_time_style *style)
{
    struct tm t = { .tm_mday = 1, .tm_year = 70 };
    const char *end = strptime(s, format, &t);
    if (!end || *end)
        return -1;
    const long east = t.tm_gmtoff;
    *seconds = (double)timegm(&t) - (double)east;
    *style = strstr(format, "%S") || strstr(format, "%T") || strstr(format, "%s") ? TL_TIME_SECOND
             : strpbrk(format, "HMIR") ? TL_TIME_MINUTE : TL_TIME_DAY;
    return 0;
}

int tl_time_read(const char *text, const char *format, double *seconds, tl_time_style *style, double *unit)
{
    char s[64];
    text += strspn(text, " \t");
    size_t n = strlen(text);
    while (n && strchr(" \t\r\n", text[n - 1]))
        n--;
    if (n >= sizeof s)
        return -1;
    memcpy(s, text, n);
    s[n] = '\0';
    *unit = 1;
    if (format)
        return read_format(s, format, seconds, style);
    if (!read_iso(s, seconds, style))
        return 0;
    *style = TL_TIME_UNIX;
    return read_unix(s, seconds, unit);
}

/* ---- writing ---- */

/* Millionths at most, without zeros at the end. */
static void write_seconds(double second, char *text, size_t size)
{
    char digits_[16];
    snprintf(digits_, sizeof digits_, "%09.6f", second);
    size_t n = strlen(digits_);
    while (digits_[n - 1] == '0')
        n--;
    n -= digits_[n - 1] == '.';
    snprintf(text, size, ":%.*s", (int)n, digits_);
}

char *tl_time_write(double seconds, tl_time_style style, double unit, char text[TL_TIME_SIZE])
{
    char clock[24] = "";
    if (style == TL_TIME_UNIX) {
        snprintf(text, TL_TIME_SIZE, "%.15g", seconds / unit);
        return text;
    }
    const tl_date d = tl_date_of(floor(seconds * 1e6 + 0.5) / 1e6);
    const int minutes = (int)(d.second / 60);
    if (style == TL_TIME_SECOND)
        write_seconds(d.second - 60.0 * minutes, clock, sizeof clock);
    if (style == TL_TIME_YEAR)
        snprintf(text, TL_TIME_SIZE, "%04ld", d.year);
    else if (style == TL_TIME_MONTH)
        snprintf(text, TL_TIME_SIZE, "%04ld-%02d", d.year, d.month);
    else if (style == TL_TIME_DAY)
        snprintf(text, TL_TIME_SIZE, "%04ld-%02d-%02d", d.year, d.month, d.day);
    else
        snprintf(text, TL_TIME_SIZE, "%04ld-%02d-%02dT%02d:%02d%s", d.year, d.month, d.day, minutes / 60, minutes % 60, clock);
    return text;
}

/* ---- steps ---- */

double tl_time_add(double seconds, tl_time_step step, double n)
{
    if (!step.months)
        return seconds + n * step.seconds;
    const tl_date d = tl_date_of(seconds);
    const double months = 12.0 * (double)d.year + d.month - 1 + n * step.months, year = floor(months / 12);
    const int month = (int)(months - 12 * year) + 1, most = days_in((long)year, month);
    return (double)DAY * (double)days_of((long)year, month, d.day < most ? d.day : most) + d.second;
}

/* Months of different lengths: a day counts a 31st. */
static double months_of(double seconds)
{
    const tl_date d = tl_date_of(seconds);
    const int end = d.day == days_in(d.year, d.month) && d.day > 27; /* whatever day that is */
    return 12.0 * (double)d.year + d.month - 1 + ((end ? 31 : d.day) - 1 + d.second / DAY) / 31;
}

double tl_time_between(double a, double b, tl_time_step step)
{
    return step.months ? (months_of(b) - months_of(a)) / step.months : (b - a) / step.seconds;
}

char *tl_time_step_text(tl_time_step step, char text[TL_TIME_SIZE])
{
    static const struct {
        double seconds;
        const char *name;
    } unit[] = { { 7 * DAY, "week" }, { DAY, "day" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
    if (step.months) {
        const int years = step.months % 12 == 0, n = years ? step.months / 12 : step.months;
        snprintf(text, TL_TIME_SIZE, "%d %s%s", n, years ? "year" : "month", n == 1 ? "" : "s");
        return text;
    }
    size_t i = 0;
    while (i < 4 && (step.seconds < unit[i].seconds || fmod(step.seconds, unit[i].seconds) != 0))
        i++;
    const double n = step.seconds / unit[i].seconds;
    snprintf(text, TL_TIME_SIZE, "%.6g %s%s", n, unit[i].name, i < 2 && n != 1 ? "s" : "");
    return text;
}
