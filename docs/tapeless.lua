---@meta
-- The language of tapeless for editors. Written by scripts/definitions.lua; do not edit.

---A value of the model: one example's, of a shape
---@class tapeless.Value
---@field shape integer[]
---@operator call(tapeless.Value): tapeless.Value
---@operator add(tapeless.Value|number): tapeless.Value
---@operator sub(tapeless.Value|number): tapeless.Value
---@operator mul(tapeless.Value|number): tapeless.Value
---@operator div(tapeless.Value|number): tapeless.Value
---@operator pow(tapeless.Value|number): tapeless.Value
---@operator unm: tapeless.Value

---nn.NAME(...) or module { ... }: stands among the parameters
---@class tapeless.Module

---real(...) or token(...): an input or target
---@class tapeless.Field

---param(...), init(...) or learned(...)
---@class tapeless.Declared

---how the elements of a parameter start
---@class tapeless.Init

---sgd, adam, adamw, rmsprop, lm, lbfgs or ekf { ... }
---@class tapeless.Optimizer

---constant, step, cosine, one_cycle or reduce_on_plateau { ... }
---@class tapeless.Schedule

---@alias tapeless.Operand tapeless.Value|number
---@alias tapeless.Shape integer[]
---@alias tapeless.Size integer|integer[]
---@alias tapeless.Data tapeless.Field|table<string, tapeless.Field>

---what model { ... } takes
---@class tapeless.Model
---@field input? tapeless.Data what a step reads; left out: the model has no input
---@field target? tapeless.Data what the loss compares with; left out: the model has no target
---@field params table<any, any> the parameters by name: shapes, param(...), modules, tables of such
---@field state? table<any, any> what one step leaves for the next, by name: shapes, init(...), learned(...)
---@field step fun(p: any, x: any, s: any): any, any one step: the output and the next state
---@field window? fun(p: any, ys: any, ss: any): any a head over the last k2 steps: the output
---@field loss fun(y: any, target: any): tapeless.Value|table<string, tapeless.Value> the loss of one example of one step; or several by name, which are added
---@field tbptt tapeless.Tbptt how the gradient is truncated
---@field train? tapeless.Train how the model is trained

---the field tbptt of a model
---@class tapeless.Tbptt
---@field k1 integer steps between two updates
---@field k2 integer steps that an update looks back
---@field batch? integer lanes: streams that are trained side by side; default 1
---@field shards? integer equal parts of the batch, which threads run; left out: of 32 lanes, 8 at most, or a few of 16
---@field loss? "new"|"last"|"all" which steps of a window count; default "new"
---@field reduce? "mean"|"sum" over the counted steps and lanes; default "mean"
---@field overlap? "recompute"|"retain"|"versions" the weights that older steps are seen with; default "recompute"
---@field learn? "tbptt"|"rtrl"|"snap1"|"diagonal"|"immediate" where the gradient comes from; default "tbptt"
---@field carry? boolean the state lives on from one epoch to the next; default false
---@field resets? boolean sequences may start inside a window; default false
---@field masks? boolean steps inside a sequence may be padding; default false
---@field lags? boolean the adjoint of the state is kept between steps; default false
---@field unroll? boolean false: steps that are alike become a loop in the C, for a k2 of thousands; default true

---the field train of a model
---@class tapeless.Train
---@field optimizer? tapeless.Optimizer sgd, adam, adamw, rmsprop, lm, lbfgs, ekf or ridge; default adam {}
---@field schedule? tapeless.Schedule constant, step, cosine, one_cycle or reduce_on_plateau; default constant {}
---@field clip_norm? number bounds the norm of the whole gradient; 0 is off; default 0
---@field clip_value? number bounds each element of the gradient; 0 is off; default 0
---@field accumulate? integer windows whose gradients make an update; default 1
---@field average? number the decay of an average of the parameters, which is used in place of them; 0 is off; default 0

---options of sgd
---@class tapeless.Sgd
---@field lr number the learning rate
---@field momentum? number default 0
---@field dampening? number default 0
---@field weight_decay? number default 0
---@field decay? "all"|"matrices" "matrices": what has fewer than two dimensions does not decay; default "all"
---@field nesterov? boolean default false

---options of adam
---@class tapeless.Adam
---@field lr? number the learning rate; default 1e-3
---@field betas? number[] default { 0.9, 0.999 }
---@field eps? number default 1e-8
---@field weight_decay? number default 0
---@field decay? "all"|"matrices" "matrices": what has fewer than two dimensions does not decay; default "all"

---options of adamw
---@class tapeless.Adamw
---@field lr? number the learning rate; default 1e-3
---@field betas? number[] default { 0.9, 0.999 }
---@field eps? number default 1e-8
---@field weight_decay? number default 1e-2
---@field decay? "all"|"matrices" "matrices": what has fewer than two dimensions does not decay; default "all"

---options of rmsprop
---@class tapeless.Rmsprop
---@field lr? number the learning rate; default 1e-2
---@field alpha? number default 0.99
---@field eps? number default 1e-8
---@field weight_decay? number default 0
---@field decay? "all"|"matrices" "matrices": what has fewer than two dimensions does not decay; default "all"
---@field momentum? number default 0
---@field centered? boolean default false

---options of lm
---@class tapeless.Lm
---@field lambda? number the damping that it begins with; default 1e-3
---@field l2? number l2/2 times the sum of squares of the parameters is added to the cost; default 0
---@field decay? "all"|"matrices" "matrices": l2 is not of what has fewer than two dimensions; default "all"
---@field geodesic? boolean steps are corrected by the second derivative along them; default false
---@field keep_scale? boolean D is the largest diagonal so far, not that of the iteration; default false
---@field tol_gradient? number it ends where no element of the gradient is larger,; default 1e-10
---@field tol_step? number or a step is shorter than that times the parameters; default 1e-12
---@field tol_cost? number or the cost decreases by less than that times the cost; default 1e-14
---@field patience? integer or for so many iterations the held-out loss was not the lowest; 0: it does not matter; default 0

---options of lbfgs
---@class tapeless.Lbfgs
---@field history? integer steps that are remembered, 1 to 1000; default 10
---@field l2? number l2/2 times the sum of squares of the parameters is added to the cost; default 0
---@field decay? "all"|"matrices" "matrices": l2 is not of what has fewer than two dimensions; default "all"
---@field tol_gradient? number it ends where no element of the gradient is larger,; default 1e-10
---@field tol_step? number or a step is shorter than that times the parameters; default 1e-12
---@field tol_cost? number or the cost decreases by less than that times the cost; default 1e-14
---@field patience? integer or for so many iterations the held-out loss was not the lowest; 0: it does not matter; default 0

---options of ekf
---@class tapeless.Ekf
---@field p? number the variance that the parameters begin with; default 1
---@field q? number what each update adds to the variances; default 1e-8
---@field r? number the variance of a residual; default 1
---@field forgetting? number by which the past counts less at every update; 1: not at all; default 1
---@field decoupled? boolean a covariance for each node, and none between them; default false

---options of ridge
---@class tapeless.Ridge
---@field l2? number l2/2 times the sum of squares of the parameters is added to the cost; default 1e-6
---@field decay? "all"|"matrices" "matrices": l2 is not of what has fewer than two dimensions; default "all"

---options of constant
---@class tapeless.Constant
---@field warmup? integer updates over which the rate rises from 1/warmup to 1; default 0

---options of step
---@class tapeless.Step
---@field every integer updates from one step to the next
---@field gamma? number what each step multiplies the rate by; default 0.1
---@field warmup? integer updates over which the rate rises from 1/warmup to 1; default 0

---options of cosine
---@class tapeless.Cosine
---@field total? integer updates until the floor; 0: the whole run; default 0
---@field floor? number where the rate ends; default 0
---@field warmup? integer updates over which the rate rises from 1/warmup to 1; default 0

---options of one_cycle
---@class tapeless.OneCycle
---@field total? integer updates that the cycle takes; 0: the whole run; default 0
---@field peak? number how much of them until the rate is lr; default 0.3
---@field start? number where the rate begins, times lr; default 0.04
---@field final? number where it ends, times lr; default 4e-6

---options of reduce_on_plateau
---@class tapeless.ReduceOnPlateau
---@field factor? number what the rate is multiplied by; default 0.1
---@field patience? integer so many validations in a row may be no better; the next one that is not reduces the rate; default 10
---@field min_delta? number better is better by more than that; default 0
---@field floor? number below which it does not go, times lr; default 0
---@field warmup? integer updates over which the rate rises from 1/warmup to 1; default 0

---what module { ... } takes
---@class tapeless.Piece
---@field params? table<any, any> as in a model
---@field state? table<any, any> as in a model
---@field step fun(p: any, x: any, s: any, ...: any): any, any p.NAME(x, s.NAME) calls step(p.NAME, x, s.NAME)

---options of param and learned
---@class tapeless.Parameter
---@field trainable? boolean false: the gradient is 0, and nothing changes it; default true
---@field lr? number times the optimizer's; default 1
---@field weight_decay? number times the optimizer's; default 1
---@field constrain? tapeless.Constrain what holds after every update

---the field constrain of a parameter's options: bounds, or a norm
---@class tapeless.Constrain
---@field min? number of each element
---@field max? number of each element
---@field max_norm? number of each row of a matrix, or of a whole vector

---options of sum and mean
---@class tapeless.Keep
---@field keepdim? boolean the dimension stays, as a 1; default false

---options of layer_norm
---@class tapeless.Norm
---@field eps? number added to the variance; default 1e-5

---options of conv1d and conv2d
---@class tapeless.Slide
---@field stride? tapeless.Size how far the window moves; default 1
---@field pad? tapeless.Size zeros around x at both ends; default 0

---options of max_pool and avg_pool
---@class tapeless.Pool
---@field stride? tapeless.Size how far the window moves; as far as it is long if left out
---@field pad? tapeless.Size padding around x at both ends; default 0

---options of mse and mae
---@class tapeless.Reduce
---@field reduce? "mean"|"sum" over the elements; default "mean"

---options of quantile
---@class tapeless.Quantile
---@field reduce? "mean"|"sum" over the elements and their levels; default "mean"

---options of huber
---@class tapeless.Huber
---@field delta? number where the parabola becomes a line; default 1
---@field reduce? "mean"|"sum" over the elements; default "mean"

---options of bce
---@class tapeless.Bce
---@field weight? tapeless.Operand what each element counts; default 1
---@field pos_weight? tapeless.Operand what targets of 1 count more than those of 0; default 1
---@field reduce? "mean"|"sum" over the elements; default "mean"

---options of cross_entropy
---@class tapeless.CrossEntropy
---@field weight? number[] what each class counts
---@field smoothing? number the part of the target that is spread over all classes; default 0
---@field ignore? integer a token whose loss is 0

---options of feed
---@class tapeless.Feed
---@field evaluation? "x"|"previous" what evaluation reads; default "x"

---options of real
---@class tapeless.Real
---@field raw? boolean columns of a table are read as they stand, not standardised; default false

---options of nn.linear
---@class tapeless.Linear
---@field bias? boolean default true

---options of nn.conv1d and nn.conv2d
---@class tapeless.Conv
---@field stride? tapeless.Size how far the window moves; default 1
---@field pad? tapeless.Size zeros around x at both ends; default 0
---@field bias? boolean default true

---options of nn.rnn
---@class tapeless.Rnn
---@field layers? integer default 1
---@field dropout? number between layers; default 0
---@field bias? boolean default true
---@field nonlinearity? "tanh"|"relu" default "tanh"

---options of nn.lstm
---@class tapeless.Lstm
---@field layers? integer default 1
---@field dropout? number between layers; default 0
---@field bias? boolean default true
---@field peephole? boolean the gates see the cell; default false
---@field layer_norm? boolean of both products, and of the cell on its way to the output; default false
---@field zoneout? number|tapeless.Zoneout how likely an element of the state stays as it was; default 0
---@field projection? integer how many numbers h has; left out: as many as the cell
---@field coupled? boolean there is no input gate, it is 1 - f; default false

---the option zoneout of nn.lstm
---@class tapeless.Zoneout
---@field h? number of an element of h; default 0
---@field c? number of an element of c; default 0

---options of nn.gru, nn.mgu and nn.mingru
---@class tapeless.Gated
---@field layers? integer default 1
---@field dropout? number between layers; default 0
---@field bias? boolean default true

---options of nn.indrnn
---@class tapeless.Indrnn
---@field layers? integer default 1
---@field dropout? number between layers; default 0
---@field bias? boolean default true
---@field nonlinearity? "relu"|"tanh" default "relu"
---@field bound? number of what a unit's weight of itself may be; default 1

---options of nn.ctrnn
---@class tapeless.Ctrnn
---@field layers? integer default 1
---@field dropout? number between layers; default 0
---@field bias? boolean default true
---@field nonlinearity? "tanh"|"sigmoid" default "tanh"
---@field dt? number how much time a step is; default 1
---@field tau? number|number[] the time constant, or one for each unit; default 4
---@field train_tau? boolean false: it stays; default true

---options of nn.clockwork
---@class tapeless.Clockwork
---@field layers? integer default 1
---@field dropout? number between layers; default 0
---@field bias? boolean default true
---@field periods? integer[] of the groups of units, the fastest first; default { 1, 2, 4, 8 }

---options of nn.lru
---@class tapeless.Lru
---@field state? integer how many complex numbers; left out: as many as outputs
---@field r_min? number the least modulus that they begin with; default 0
---@field r_max? number the largest; default 1
---@field max_phase? number the largest angle; default 6.283185307179586

---options of nn.esn
---@class tapeless.Esn
---@field radius? number the spectral radius of what reads h; default 0.9
---@field leak? number how much of a unit is new at each step; default 1
---@field input_scale? number the bound of what reads x, and of the biases; default 1
---@field bias? boolean default true

---options of nn.attention
---@class tapeless.Attention
---@field heads? integer parts of the width, each with weights of its own; default 1
---@field bias? boolean default true
---@field dropout? number of the weights; default 0
---@field score? "dot"|"additive" how a step is compared with the query; default "dot"
---@field probe? string a probe of this name has the weights, {heads, steps}

nn = {}

---a spec ends with return model { ... }
---@param spec tapeless.Model
---@return any
function model(spec) end

---what -D NAME=VALUE may override
---@param defaults table<string, any>
---@return table<string, any>
function options(defaults) end

---a piece of a model with its own parameters and state
---@param piece tapeless.Piece
---@return tapeless.Module
function module(piece) end

---real(n) is a vector, real { h, w } a value of any shape
---@param shape integer|tapeless.Shape
---@param options? tapeless.Real
---@return tapeless.Field
function real(shape, options) end

---a whole number from 0 to vocab - 1
---@param vocab integer
---@return tapeless.Field
function token(vocab) end

---a parameter and how it starts; or options for a module or a table of parameters
---@param shape tapeless.Shape|tapeless.Module|table
---@param init? number|table|tapeless.Init
---@param options? tapeless.Parameter
---@return tapeless.Declared
function param(shape, init, options) end

---a state and the numbers that it starts at
---@param shape tapeless.Shape
---@param value? number|table default 0
---@return tapeless.Declared
function init(shape, value) end

---a state that starts at a parameter
---@param shape tapeless.Shape
---@param init? number|table|tapeless.Init default 0
---@param options? tapeless.Parameter
---@return tapeless.Declared
function learned(shape, init, options) end

---numbers, as many as a nested table holds, as a value
---@param numbers number|table
---@return tapeless.Value
function const(numbers) end

---each element 0
---@type tapeless.Init
zeros = nil

---each element 1
---@type tapeless.Init
ones = nil

---even between +- sqrt(6 / (rows + columns))
---@type tapeless.Init
glorot = nil

---together an orthogonal matrix
---@type tapeless.Init
orthogonal = nil

---even between -a and a
---@param a number
---@return tapeless.Init
function uniform(a) end

---normal with that standard deviation
---@param sd number
---@return tapeless.Init
function normal(sd) end

---a normal matrix, divided so that it has that spectral radius
---@param radius number
---@return tapeless.Init
function spectral(radius) end

---stochastic gradient descent
---@param options tapeless.Sgd
---@return tapeless.Optimizer
function sgd(options) end

---Adam
---@param options tapeless.Adam
---@return tapeless.Optimizer
function adam(options) end

---Adam with decoupled weight decay
---@param options tapeless.Adamw
---@return tapeless.Optimizer
function adamw(options) end

---RMSprop
---@param options tapeless.Rmsprop
---@return tapeless.Optimizer
function rmsprop(options) end

---Levenberg-Marquardt, over the whole data
---@param options tapeless.Lm
---@return tapeless.Optimizer
function lm(options) end

---L-BFGS, over the whole data
---@param options tapeless.Lbfgs
---@return tapeless.Optimizer
function lbfgs(options) end

---the extended Kalman filter
---@param options tapeless.Ekf
---@return tapeless.Optimizer
function ekf(options) end

---ridge regression, over the whole data, of what the output is linear in
---@param options tapeless.Ridge
---@return tapeless.Optimizer
function ridge(options) end

---the learning rate as it is
---@param options tapeless.Constant
---@return tapeless.Schedule
function constant(options) end

---times gamma after every so many updates
---@param options tapeless.Step
---@return tapeless.Schedule
function step(options) end

---half a cosine from 1 to floor
---@param options tapeless.Cosine
---@return tapeless.Schedule
function cosine(options) end

---up to lr, and down to next to nothing
---@param options tapeless.OneCycle
---@return tapeless.Schedule
function one_cycle(options) end

---smaller where the held-out loss gets no better
---@param options tapeless.ReduceOnPlateau
---@return tapeless.Schedule
function reduce_on_plateau(options) end

---hyperbolic tangent
---@param x tapeless.Operand
---@return tapeless.Value
function tanh(x) end

---1 / (1 + e^-x)
---@param x tapeless.Operand
---@return tapeless.Value
function sigmoid(x) end

---max(x, 0)
---@param x tapeless.Operand
---@return tapeless.Value
function relu(x) end

---x where it is above 0, else slope x
---@param x tapeless.Operand
---@param slope? tapeless.Operand default 0.01
---@return tapeless.Value
function leaky_relu(x, slope) end

---x where it is above 0, else alpha (e^x - 1)
---@param x tapeless.Operand
---@param alpha? number default 1
---@return tapeless.Value
function elu(x, alpha) end

---x times the normal distribution's share below x, in the tanh form
---@param x tapeless.Operand
---@return tapeless.Value
function gelu(x) end

---x sigmoid(x), also called swish
---@param x tapeless.Operand
---@return tapeless.Value
function silu(x) end

---log(1 + e^x)
---@param x tapeless.Operand
---@return tapeless.Value
function softplus(x) end

---e^x
---@param x tapeless.Operand
---@return tapeless.Value
function exp(x) end

---natural logarithm
---@param x tapeless.Operand
---@return tapeless.Value
function log(x) end

---square root
---@param x tapeless.Operand
---@return tapeless.Value
function sqrt(x) end

---absolute value
---@param x tapeless.Operand
---@return tapeless.Value
function abs(x) end

---x x
---@param x tapeless.Operand
---@return tapeless.Value
function square(x) end

---sine
---@param x tapeless.Operand
---@return tapeless.Value
function sin(x) end

---cosine
---@param x tapeless.Operand
---@return tapeless.Value
function cos(x) end

---the largest, element by element
---@param a tapeless.Operand
---@param b tapeless.Operand
---@param ... tapeless.Operand
---@return tapeless.Value
function max(a, b, ...) end

---the smallest, element by element
---@param a tapeless.Operand
---@param b tapeless.Operand
---@param ... tapeless.Operand
---@return tapeless.Value
function min(a, b, ...) end

---x held between two numbers
---@param x tapeless.Operand
---@param low number
---@param high number
---@return tapeless.Value
function clamp(x, low, high) end

---1 where a > b, else 0
---@param a tapeless.Operand
---@param b tapeless.Operand
---@return tapeless.Value
function gt(a, b) end

---1 where a >= b, else 0
---@param a tapeless.Operand
---@param b tapeless.Operand
---@return tapeless.Value
function ge(a, b) end

---1 where a < b, else 0
---@param a tapeless.Operand
---@param b tapeless.Operand
---@return tapeless.Value
function lt(a, b) end

---1 where a <= b, else 0
---@param a tapeless.Operand
---@param b tapeless.Operand
---@return tapeless.Value
function le(a, b) end

---1 where a = b, else 0
---@param a tapeless.Operand
---@param b tapeless.Operand
---@return tapeless.Value
function eq(a, b) end

---a where c is not 0, else b
---@param c tapeless.Operand
---@param a tapeless.Operand
---@param b tapeless.Operand
---@return tapeless.Value
function where(c, a, b) end

---the product of matrices and vectors
---@param a tapeless.Operand
---@param b tapeless.Operand
---@return tapeless.Value
function matmul(a, b) end

---over one dimension, or over all elements
---@param x tapeless.Operand
---@param dim? integer
---@param options? tapeless.Keep
---@return tapeless.Value
function sum(x, dim, options) end

---over one dimension, or over all elements
---@param x tapeless.Operand
---@param dim? integer
---@param options? tapeless.Keep
---@return tapeless.Value
function mean(x, dim, options) end

---e^x over its sum along a dimension
---@param x tapeless.Operand
---@param dim? integer default -1
---@return tapeless.Value
function softmax(x, dim) end

---the logarithm of softmax
---@param x tapeless.Operand
---@param dim? integer default -1
---@return tapeless.Value
function log_softmax(x, dim) end

---mean 0 and variance 1 along the last dimension
---@param x tapeless.Operand
---@param gain? tapeless.Operand
---@param bias? tapeless.Operand
---@param options? tapeless.Norm
---@return tapeless.Value
function layer_norm(x, gain, bias, options) end

---joins along a dimension
---@param list tapeless.Operand[]
---@param dim? integer default -1
---@return tapeless.Value
function concat(list, dim) end

---equal shapes along a new dimension
---@param list tapeless.Operand[]
---@param dim? integer default 1
---@return tapeless.Value
function stack(list, dim) end

---n equal parts, as n results
---@param x tapeless.Operand
---@param n integer
---@param dim? integer default -1
---@return tapeless.Value ...
function split(x, n, dim) end

---both ends belong to it
---@param x tapeless.Operand
---@param from integer
---@param to integer
---@param dim? integer default -1
---@return tapeless.Value
function slice(x, from, to, dim) end

---the elements in the same order
---@param x tapeless.Operand
---@param shape tapeless.Shape
---@return tapeless.Value
function reshape(x, shape) end

---a vector of all elements
---@param x tapeless.Operand
---@return tapeless.Value
function flatten(x) end

---swaps two dimensions, by default the last two
---@param x tapeless.Operand
---@param a? integer
---@param b? integer
---@return tapeless.Value
function transpose(x, a, b) end

---over {C, L} with w {O, C, K}
---@param x tapeless.Operand
---@param w tapeless.Operand
---@param b? tapeless.Operand
---@param options? tapeless.Slide
---@return tapeless.Value
function conv1d(x, w, b, options) end

---over {C, H, W} with w {O, C, KH, KW}
---@param x tapeless.Operand
---@param w tapeless.Operand
---@param b? tapeless.Operand
---@param options? tapeless.Slide
---@return tapeless.Value
function conv2d(x, w, b, options) end

---the largest in each window
---@param x tapeless.Operand
---@param size tapeless.Size
---@param options? tapeless.Pool
---@return tapeless.Value
function max_pool(x, size, options) end

---the mean of each window
---@param x tapeless.Operand
---@param size tapeless.Size
---@param options? tapeless.Pool
---@return tapeless.Value
function avg_pool(x, size, options) end

---row x of W {V, n}, x a token
---@param W tapeless.Value
---@param x tapeless.Value
---@return tapeless.Value
function embedding(W, x) end

---in training each element is 0 with probability p, else divided by 1 - p
---@param x tapeless.Operand
---@param p number
---@return tapeless.Value
function dropout(x, p) end

---in training previous with probability p, else x
---@param x tapeless.Operand
---@param previous tapeless.Operand
---@param p number
---@param options? tapeless.Feed
---@return tapeless.Value
function feed(x, previous, p, options) end

---1 where x is the largest along the last dimension, else 0
---@param x tapeless.Operand
---@return tapeless.Value
function hardmax(x) end

---x, through which no gradient flows
---@param x tapeless.Operand
---@return tapeless.Value
function stop_gradient(x) end

---x, marked: its value and gradient can be read out under the name
---@param name string
---@param x tapeless.Operand
---@return tapeless.Value
function probe(name, x) end

---mean of (y - t)^2
---@param y tapeless.Value
---@param target tapeless.Value
---@param options? tapeless.Reduce
---@return tapeless.Value
function mse(y, target, options) end

---mean of abs(y - t)
---@param y tapeless.Value
---@param target tapeless.Value
---@param options? tapeless.Reduce
---@return tapeless.Value
function mae(y, target, options) end

---mean of d^2/2 where d = abs(y - t) <= delta, a line beyond
---@param y tapeless.Value
---@param target tapeless.Value
---@param options? tapeless.Huber
---@return tapeless.Value
function huber(y, target, options) end

---binary cross entropy of logits
---@param y tapeless.Value
---@param target tapeless.Value
---@param options? tapeless.Bce
---@return tapeless.Value
function bce(y, target, options) end

---of levels alone a loss; mean of max(q e, (q - 1) e), e = t - y
---@param y tapeless.Value|number[]
---@param target? tapeless.Value
---@param levels? number[]
---@param options? tapeless.Quantile
---@return any
function quantile(y, target, levels, options) end

----log softmax(y)[t], t a token
---@param y tapeless.Value
---@param target tapeless.Value
---@param options? tapeless.CrossEntropy
---@return tapeless.Value
function cross_entropy(y, target, options) end

---W x + b
---@param input integer
---@param output integer
---@param options? tapeless.Linear
---@return tapeless.Module
function nn.linear(input, output, options) end

---a vector for each token
---@param vocab integer
---@param width integer
---@return tapeless.Module
function nn.embedding(vocab, width) end

---layer_norm with a gain and a bias
---@param width integer
---@param options? tapeless.Norm
---@return tapeless.Module
function nn.layer_norm(width, options) end

---dropout(x, p)
---@param p number
---@return tapeless.Module
function nn.dropout(p) end

---over {channels, length}
---@param input integer
---@param output integer
---@param size tapeless.Size
---@param options? tapeless.Conv
---@return tapeless.Module
function nn.conv1d(input, output, size, options) end

---over {channels, height, width}
---@param input integer
---@param output integer
---@param size tapeless.Size
---@param options? tapeless.Conv
---@return tapeless.Module
function nn.conv2d(input, output, size, options) end

---Elman's
---@param input integer
---@param hidden integer
---@param options? tapeless.Rnn
---@return tapeless.Module
function nn.rnn(input, hidden, options) end

---long short-term memory
---@param input integer
---@param hidden integer
---@param options? tapeless.Lstm
---@return tapeless.Module
function nn.lstm(input, hidden, options) end

---gated recurrent units
---@param input integer
---@param hidden integer
---@param options? tapeless.Gated
---@return tapeless.Module
function nn.gru(input, hidden, options) end

---minimal gated units
---@param input integer
---@param hidden integer
---@param options? tapeless.Gated
---@return tapeless.Module
function nn.mgu(input, hidden, options) end

---minimal GRUs, whose gates see x alone
---@param input integer
---@param hidden integer
---@param options? tapeless.Gated
---@return tapeless.Module
function nn.mingru(input, hidden, options) end

---units that see of the state themselves alone
---@param input integer
---@param hidden integer
---@param options? tapeless.Indrnn
---@return tapeless.Module
function nn.indrnn(input, hidden, options) end

---in continuous time, by Euler's steps
---@param input integer
---@param hidden integer
---@param options? tapeless.Ctrnn
---@return tapeless.Module
function nn.ctrnn(input, hidden, options) end

---groups of units that move at every so manieth step
---@param input integer
---@param hidden integer
---@param options? tapeless.Clockwork
---@return tapeless.Module
function nn.clockwork(input, hidden, options) end

---linear recurrent units
---@param input integer
---@param output integer
---@param options? tapeless.Lru
---@return tapeless.Module
function nn.lru(input, output, options) end

---an echo state network's reservoir, which is not trained
---@param input integer
---@param hidden integer
---@param options? tapeless.Esn
---@return tapeless.Module
function nn.esn(input, hidden, options) end

---modules and functions one after the other
---@param layers table
---@return tapeless.Module
function nn.stack(layers) end

---in a window: the layer from the newest step to the oldest
---@param layer tapeless.Module
---@return tapeless.Module
function nn.backward(layer) end

---the layer step by step; in a window, with another that runs backward
---@param layer tapeless.Module
---@return tapeless.Module
function nn.bidirectional(layer) end

---over a list of vectors, by the newest or another query
---@param width integer
---@param options? tapeless.Attention
---@return tapeless.Module
function nn.attention(width, options) end

