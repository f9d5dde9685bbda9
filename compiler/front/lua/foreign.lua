-- foreign.lua: names that people bring from other libraries, and what to write here. Each is refused
-- by its name: with what it is called, or with what stands in its place.
local _, _, lib = ...

-- "name name: what is said behind 'NAME is not defined'", and of names under nn behind that there is no
-- such module; a line that begins with a space goes on with the one before. What is not there as it is
-- written is looked up in small letters.
local functions = [[
adagrad adadelta nadam radam adamax lion: the optimizers are sgd, adam, adamw, rmsprop, lm, lbfgs, ekf, ridge
levenberg_marquardt: write lm { lambda = 1e-3 }
bfgs l_bfgs: write lbfgs { history = 10 }
kalman: write ekf { p = 1 }
linear_regression pinv lstsq: write ridge { l2 = 0 }
exponential polynomial: the schedules are constant, step, cosine, one_cycle, reduce_on_plateau
swish: silu(x) is x sigmoid(x)
hard_tanh hardtanh: write clamp(x, -1, 1)
hard_sigmoid hardsigmoid: write clamp(x / 6 + 0.5, 0, 1)
hard_swish hardswish: write x * clamp(x / 6 + 0.5, 0, 1)
relu6: write clamp(x, 0, 6)
prelu: leaky_relu(x, p.slope) takes a parameter
selu: write 1.0507009873554805 * elu(x, 1.6732632423543772)
celu: write elu(x / a) * a
mish: write x * tanh(softplus(x))
logsigmoid log_sigmoid: write -softplus(-x)
softsign: write x / (1 + abs(x))
pow power: write x ^ n, n a number
log1p: write log(1 + x), which keeps few digits where x is near 0
expm1: write exp(x) - 1, which keeps few digits where x is near 0
log2: write log(x) / math.log(2)
log10: write log(x) / math.log(10)
rsqrt: write x ^ -0.5
reciprocal: write 1 / x
sinh: write (exp(x) - exp(-x)) / 2
cosh: write (exp(x) + exp(-x)) / 2
tan: write sin(x) / cos(x)
sign: write gt(x, 0) - lt(x, 0)
erf floor ceil round fmod atan asin acos: there is no such operation
add: write a + b
mul multiply: write a * b
div divide: write a / b
subtract: write a - b
maximum: write max(a, b)
minimum: write min(a, b)
greater: write gt(a, b)
less: write lt(a, b)
equal: write eq(a, b)
mm bmm dot einsum tensordot: write matmul(a, b), of vectors and matrices
outer: write reshape(a, { n, 1 }) * b
cat concatenate: write concat { a, b }
chunk: write split(x, n)
narrow: write slice(x, from, to, dim)
view: write reshape(x, { 2, 3 })
squeeze unsqueeze expand_dims: write reshape(x, { 2, 1 })
permute swapaxes movedim: transpose(x, a, b) swaps two dimensions
repeat_interleave tile expand broadcast_to: shapes that differ are matched, a dimension of 1 stretches;
  for more write concat
flip roll gather scatter index_select take one_hot: elements are taken with slice, rows by a token with
  embedding
argmax one_hot_max: hardmax(x) is 1 where x is the largest, else 0
argmin topk sort cumsum prod: there is no such operation
norm: write sqrt(sum(square(x)))
var variance: write mean(square(x - mean(x)))
std: write sqrt(mean(square(x - mean(x))))
logsumexp: write x - log_softmax(x), all of whose elements are it
detach no_grad: write stop_gradient(x)
randn rand randint: the same spec must always give the same model; dropout is drawn in training
zeros_like: write 0
ones_like: write 1
batch_norm batchnorm batchnorm1d batchnorm2d batchnormalization: its statistics run over the lanes, and a
  step is written for one example; layer_norm(x, gain, bias) is there
group_norm groupnorm instance_norm rms_norm rmsnorm: layer_norm(x, gain, bias) is there; others are
  written with mean and sqrt
multihead_attention multiheadattention additive_attention: write nn.attention(width, { heads = 4 })
scaled_dot_product_attention: write matmul(softmax(matmul(M, h)), M) over the rows of M
transformer transformerencoder: a model is one step with a state; nn has linear, conv1d, conv2d,
  embedding, layer_norm, dropout, rnn, lstm, gru
dense linear: write nn.linear(input, output)
simplernn rnn: write nn.rnn(input, hidden)
lstm: write nn.lstm(input, hidden)
gru: write nn.gru(input, hidden)
layernorm: write nn.layer_norm(width)
lstmcell lstm_cell: nn.lstm(input, hidden) is one step
grucell gru_cell: nn.gru(input, hidden) is one step
rnncell rnn_cell: nn.rnn(input, hidden) is one step
conv3d conv_transpose1d conv_transpose2d convtranspose1d convtranspose2d: convolutions are conv1d and
  conv2d
sequential: write nn.stack { nn.lstm(3, 16), nn.linear(16, 1) }
maxpool1d maxpool2d max_pool1d max_pool2d: write max_pool(x, size)
avgpool1d avgpool2d avg_pool1d avg_pool2d: write avg_pool(x, size)
leakyrelu: write leaky_relu(x)
parameter: write param(shape, init)
mseloss mse_loss mean_squared_error meansquarederror: write mse(y, target)
l1loss l1_loss l1 mean_absolute_error meanabsoluteerror: write mae(y, target)
huberloss huber_loss: write huber(y, target, { delta = 1 })
smoothl1loss smooth_l1_loss smooth_l1: write huber(y, target, { delta = beta }) / beta
bceloss binary_cross_entropy: bce(y, target) takes logits, y before the sigmoid
bcewithlogitsloss bce_with_logits binary_cross_entropy_with_logits sigmoid_cross_entropy: write bce(y,
  target)
crossentropyloss crossentropy softmax_cross_entropy sparse_categorical_crossentropy
  categorical_crossentropy: write cross_entropy(y, target), y logits and target a token
nll nll_loss nllloss: cross_entropy(y, target) takes logits, y before log_softmax
pinball pinball_loss quantile_loss quantileloss: write quantile { 0.1, 0.5, 0.9 }, or quantile(y, target, { 0.1, 0.5, 0.9 })
ctc ctcloss ctc_loss: a loss is of one step and its target; give each step a label of its own, from an alignment
kl_div kldivloss hinge: write it as a loss of your own, function(y, target)
xavier xavier_uniform glorot_uniform: write glorot
xavier_normal glorot_normal he he_normal kaiming kaiming_normal kaiming_uniform lecun truncated_normal:
  write normal(sd) or uniform(a) with the number that you mean
eye identity: write const { { 1, 0 }, { 0, 1 } }
tensor array full arange linspace: write const { 1, 2, 3 }
torch tf keras jax np numpy F: the operations have no prefix, tanh(x); modules are nn.NAME
]]

-- Fields: what they are called here, or a sentence.
local fields = [[
padding: pad
strides: stride
learning_rate: lr
epsilon variance_epsilon: eps
beta threshold: delta
reduction: reduce
label_smoothing: smoothing
ignore_index: ignore
class_weight class_weights: weight
proj_size num_proj: projection
negative_slope alpha: slope
use_bias: bias
num_layers n_layers: layers
dropout_rate recurrent_dropout: dropout
activation: nonlinearity
decay weight_decay_rate l2: weight_decay
rho: alpha
inputs x: input
outputs targets y y_true: target
parameters weights: params
states: state
forward call: step
training: train
batch_size: batch
gradient_clip max_norm grad_clip clip clipnorm: clip_norm
clipvalue: clip_value
stateful: carry
scheduler: schedule
opt: optimizer
]]

local field_sentences = [[
batch_first: data are [time, lanes, ...], and a step is written for one example
bidirectional go_backwards: a step sees nothing of the steps to come; nn.bidirectional(layer) does in window(p, ys, ss)
return_sequences return_state: a step returns its output, and its state beside it
reset_after: the gates are PyTorch's, r is applied after the product
dilation groups padding_mode: write it with slice, reshape and matmul
ceil_mode: sizes are rounded down
count_include_pad: padding counts as zeros, as in PyTorch
elementwise_affine affine: layer_norm(x) has no gain and no bias
amsgrad: adam is Kingma & Ba's
lm.lr lm.learning_rate: the damping lambda decides how long its steps are
lbfgs.lr lbfgs.learning_rate: it looks for the length of each step along the line
ekf.lr ekf.learning_rate: the variances p, q and r decide how long its steps are
ridge.lr ridge.learning_rate: it solves for the parameters at once
ridge.alpha: write l2 = 2 * alpha / n for n residuals, of which mse takes the mean
lm.weight_decay lbfgs.weight_decay ridge.weight_decay: l2 adds l2/2 times the sum of squares to the cost
ekf.weight_decay ekf.l2: p, the variance that the parameters begin with, holds them near their start
lbfgs.history_size lbfgs.m: did you mean history?
lbfgs.max_iter lbfgs.max_iterations lm.max_iter lm.max_iterations: an iteration is an update, tapeless train --steps 100
lbfgs.line_search_fn lbfgs.line_search: it is one with the strong Wolfe conditions
lbfgs.tolerance_grad lm.gtol: did you mean tol_gradient?
lbfgs.tolerance_change lm.ftol: did you mean tol_cost?
lr learning_rate: it is a field of the optimizer, adam { lr = 1e-3 }
k1 k2 batch batch_size: it is a field of tbptt
clip_norm clip_value: it is a field of train
epochs steps seed valid threads precision: it is an option of the command, tapeless train --epochs 10
device: everything runs on the CPU
padding_idx: the embedding of a token is a row of the weight; mask the step, or multiply it by a number
retain_graph: overlap says what older steps of a window are seen with
return_indices: only the values are returned
]]

local function read(text)
  local said = {}
  for line in text:gsub("\n +", " "):gmatch("[^\n]+") do
    local names, sentence = line:match("^([%w_. ]+): (.*)$")
    for name in names:gmatch("%S+") do said[name] = sentence end
  end
  return said
end

local of_functions, of_fields, of_absent = read(functions), read(fields), read(field_sentences)

-- What to say of the name of a function, or nil. The prefix is "" or "nn.".
function lib.foreign(name, prefix)
  if of_functions[name] then return of_functions[name] end
  local small = name:lower()
  local row = small ~= name and lib.signatures[prefix .. small]
  if row then return "write " .. lib.usage(row) end
  return of_functions[small]
end

-- Of a field of `what`, behind the sentence that it is not there, or "". `known` is a list.
function lib.foreign_field(name, known, what)
  local own = of_absent[what .. "." .. name]
  if own then return "; " .. own end
  for i = 1, #known do
    if known[i] == of_fields[name] then return "; did you mean " .. known[i] .. "?" end
  end
  return of_absent[name] and "; " .. of_absent[name] or ""
end
