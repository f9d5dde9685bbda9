/* signals.h - Ctrl-C asks politely once: the first SIGINT, SIGTERM or SIGHUP sets a flag that the
 * loop looks at between updates, the second leaves at once. A SIGHUP that is ignored (nohup) stays
 * so. */
#ifndef TAPELESS_SIGNALS_H
#define TAPELESS_SIGNALS_H

#include "linkage.h"

TL_C_BEGIN

void tl_signals_catch(void);
int tl_signals_seen(void); /* the signal's number, or 0 */
void tl_signals_release(void);

TL_C_END

#endif
