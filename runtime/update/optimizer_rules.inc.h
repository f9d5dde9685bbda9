/* optimizer_rules.inc.h - the update of n elements, included by optimizer.c once for float and once
 * for double with REAL, RULE(name) and SQRT defined. p parameters, g gradients, m the moments in
 * name_moments' order. No include guard: being included twice is its purpose. */

TL_CLONES static void RULE(descend)(REAL lr, size_t n, REAL *restrict p, const REAL *restrict g)
{
    for (size_t i = 0; i < n; i++)
        p[i] -= lr * g[i];
}

TL_CLONES static void RULE(sgd)(const tl_optimizer_spec *s, const Scalars *k, size_t n, REAL *restrict p,
                      const REAL *restrict g, REAL *restrict momentum)
{
    const REAL lr = (REAL)k->lr, decay = (REAL)k->weight_decay, mu = (REAL)s->momentum;
    const REAL fresh = (REAL)(1 - s->dampening);
    for (size_t i = 0; i < n; i++) {
        REAL d = g[i] + decay * p[i];
        if (momentum) {
            momentum[i] = k->first != 0 ? d : mu * momentum[i] + fresh * d;
            d = s->nesterov ? d + mu * momentum[i] : momentum[i];
        }
        p[i] -= lr * d;
    }
}

TL_CLONES static void RULE(adam)(const tl_optimizer_spec *s, const Scalars *k, size_t n, REAL *restrict p,
                       const REAL *restrict g, REAL *restrict mean, REAL *restrict square)
{
    const int decoupled = s->kind == TL_ADAMW;
    const REAL shrink = decoupled ? (REAL)(1 - k->lr * k->weight_decay) : 1;
    const REAL decay = decoupled ? 0 : (REAL)k->weight_decay;
    const REAL b1 = (REAL)s->beta1, b2 = (REAL)s->beta2, eps = (REAL)s->eps;
    const REAL c1 = (REAL)(1 - s->beta1), c2 = (REAL)(1 - s->beta2);
    const REAL root = (REAL)k->root_correction, size = (REAL)(k->lr / k->correction);
    for (size_t i = 0; i < n; i++) {
        REAL w = p[i] * shrink;
        REAL d = g[i] + decay * w;
        mean[i] = b1 * mean[i] + c1 * d;
        square[i] = b2 * square[i] + c2 * d * d;
        p[i] = w - size * mean[i] / (SQRT(square[i]) / root + eps);
    }
}

/* Inlined where `momentum` and `mean` are known to be there or NULL: with the tests inside of the
 * loop it would not be vectorised. */
static inline void RULE(rmsprop)(const tl_optimizer_spec *s, const Scalars *k, size_t n,
                                 REAL *restrict p, const REAL *restrict g, REAL *restrict square,
                                 REAL *restrict momentum, REAL *restrict mean)
{
    const REAL lr = (REAL)k->lr, decay = (REAL)k->weight_decay, mu = (REAL)s->momentum;
    const REAL a = (REAL)s->alpha, c = (REAL)(1 - s->alpha), eps = (REAL)s->eps;
    for (size_t i = 0; i < n; i++) {
        REAL d = g[i] + decay * p[i], v = 0;
        square[i] = a * square[i] + c * d * d;
        if (mean) {
            mean[i] = a * mean[i] + c * d;
            v = mean[i] * mean[i];
        }
        REAL step = d / (SQRT(square[i] - v) + eps);
        if (momentum)
            step = momentum[i] = mu * momentum[i] + step;
        p[i] -= lr * step;
    }
}

TL_CLONES static void RULE(rmsprops)(const tl_optimizer_spec *s, const Scalars *k, size_t n, REAL *p,
                                     const REAL *g, void *const *m)
{
    if (s->momentum > 0 && s->centered)
        RULE(rmsprop)(s, k, n, p, g, m[0], m[1], m[2]);
    else if (s->momentum > 0)
        RULE(rmsprop)(s, k, n, p, g, m[0], m[1], NULL);
    else if (s->centered)
        RULE(rmsprop)(s, k, n, p, g, m[0], NULL, m[1]);
    else
        RULE(rmsprop)(s, k, n, p, g, m[0], NULL, NULL);
}

static void RULE(update)(const tl_optimizer_spec *s, const Scalars *k, size_t n, REAL *p, const REAL *g,
                         void *const *m)
{
    switch (s->kind) {
    case TL_SGD: RULE(sgd)(s, k, n, p, g, m[0]); break;
    case TL_ADAM:
    case TL_ADAMW: RULE(adam)(s, k, n, p, g, m[0], m[1]); break;
    case TL_RMSPROP: RULE(rmsprops)(s, k, n, p, g, m); break;
    case TL_LM:
    case TL_LBFGS:
    case TL_EKF:
    case TL_RIDGE: break; /* have updates of their own */
    }
}
