/* classes.h - how well classes are told apart: tokens, and what bce takes for a probability.
 *
 * Of a class k, of the steps' weights: `truth` of the steps of k, `said` of those that are said to be, `hit` of both.
 *
 *     precision  hit / said            recall  hit / truth            (0 where there is nothing to divide by)
 *     F1         2 hit / (said + truth)
 *     macro F1   mean of F1 over the classes that occur, in the data or in what is said
 *     AUC        area under the curve of the true positives over the false ones: how often a step of the class scores
 *                higher than one that is not, ties for a half. Of two classes that of the second; of more the mean over
 *                those that occur and are not all there is, each against the rest
 *     log loss   mean of -log p(true class); perplexity is e to that, and bits are that over log 2
 *     Brier      of a probability p of a 1: mean (p - target)^2
 *
 * Of a probability the classes are 0 and 1, parted at 0.5; a target between, t, is for AUC one of 1 by t and of 0 by 1 - t. */
#ifndef TAPELESS_CLASSES_H
#define TAPELESS_CLASSES_H

#include <jansson.h>

#include "coding.h"
#include "linkage.h"
#include "recorded.h"

TL_C_BEGIN

enum { TL_CLASSES_AUC = 32 }; /* more are not told apart one by one: probabilities of so many are recorded */

typedef struct tl_class {
    double truth, said, hit;
} tl_class;

typedef struct tl_classes {
    int32_t target, n;
    size_t element; /* of the target: of a token 0 */
    int token;      /* else a probability */
    tl_class *each;   /* [n] */
    double *confusion; /* [n][n] by truth and what is said, or NULL */
    double weight, log_loss, brier, auc, top; /* NaN: there is none */
} tl_classes;

/* Of all targets that are classes and that some output predicts. */
typedef struct tl_class_list {
    tl_classes *item;
    size_t n;
} tl_class_list;

/* `confusion`: with the matrices. */
int tl_class_list_new(tl_class_list *, const tl_recorded *, int confusion, tl_error *);
void tl_class_list_free(tl_class_list *);

/* That of a target's element, or NULL. */
const tl_classes *tl_class_list_find(const tl_class_list *, int32_t target, size_t element);

double tl_precision(const tl_class *), tl_recall(const tl_class *), tl_f1(const tl_class *);
int tl_class_occurs(const tl_class *); /* it is true somewhere, or said */
double tl_classes_accuracy(const tl_classes *), tl_classes_macro_f1(const tl_classes *);
double tl_classes_commonest(const tl_classes *); /* the accuracy of who always says the class that is most often true */

/* What a class is called: of a column of words its word, of text the character, else its number. The result is `text`. */
const char *tl_class_name(const tl_coding *, const tl_classes *, int32_t k, char *text, size_t size);

/* "macro F1 0.71; AUC 0.93; ...", for people. */
void tl_classes_describe(const tl_classes *, char *text, size_t size);

/* The same, and each class, into an object that has what is left to say of the target. */
void tl_classes_json(json_t *, const tl_classes *, const tl_coding *);

/* A row a class, where they are few or `all` is said; the confusion, a row a true class. `name` is the target's. */
void tl_classes_print(const tl_classes *, const tl_coding *, const char *name, int all);
void tl_confusion_print(const tl_classes *, const tl_coding *, const char *name);

TL_C_END

#endif
