/* onednn.cpp - oneDNN's recurrent layers alone, forward and backward, for bench/run.
 *
 *     onednn lstm|gru LAYERS IN HIDDEN BATCH STEPS
 *
 * No embedding, head, loss or optimizer: less than a window. A window begins with weights in the plain layout that an
 * optimizer would update, and ends with gradients in it: what the primitives want otherwise is packed and unpacked
 * in each. One primitive a layer, because the first has inputs of its own size. gru is linear_before_reset, which is
 * nn.gru's. Answers `go` as bench/worker.c does, and `norms` with what
 * onednn_check.py compares with PyTorch. */
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

using namespace dnnl;
using tag = memory::format_tag;
using Args = std::unordered_map<int, memory>;

static engine cpu;
static stream line;

static double seconds()
{
    const char *clock_ = std::getenv("TAPELESS_BENCH_CLOCK");
    timespec t;
    clock_gettime(clock_ && std::strcmp(clock_, "cpu") == 0 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

static memory::desc plain(const memory::dims &dims, tag t) { return { dims, memory::data_type::f32, t }; }
static memory::desc any(const memory::dims &dims) { return plain(dims, tag::any); }

static void zero(memory &m) { std::memset(m.get_data_handle(), 0, m.get_desc().get_size()); }

/* Between -a and a, the same every time. */
static void fill(memory &m, float a)
{
    static unsigned s = 1;
    float *x = static_cast<float *>(m.get_data_handle());
    for (size_t i = 0; i < m.get_desc().get_size() / sizeof *x; i++) {
        s = s * 1664525u + 1013904223u;
        x[i] = a * (static_cast<float>(s >> 8) / 8388608.0f - 1);
    }
}

/* A parameter in the plain layout, and as a primitive wants it. */
struct Packed {
    memory own, theirs;

    Packed(const memory &m, const memory::desc &want)
        : own(m), theirs(want == m.get_desc() ? m : memory(want, cpu)) {}
    void pack() { if (own != theirs) reorder(own, theirs).execute(line, own, theirs); }
    void unpack() { if (own != theirs) reorder(theirs, own).execute(line, theirs, own); }
};

struct Sizes {
    memory::dim gates, input, hidden, batch, steps;
    memory::dims layer_in() const { return { steps, batch, input }; }
    memory::dims layer_out() const { return { steps, batch, hidden }; }
    memory::dims iter() const { return { 1, 1, batch, hidden }; }
    memory::dims w() const { return { 1, 1, input, gates, hidden }; }
    memory::dims u() const { return { 1, 1, hidden, gates, hidden }; }
    memory::dims b(bool gru) const { return { 1, 1, gru ? gates + 1 : gates, hidden }; }
};

static const auto training = prop_kind::forward_training;
static const auto backward = prop_kind::backward;
static const auto forwards = rnn_direction::unidirectional_left2right;

struct LSTM {
    enum { GATES = 4 };
    using Forward = lstm_forward;
    using Backward = lstm_backward;
    static Forward::primitive_desc forward(const Sizes &s, const memory::desc &x, const memory::desc &h)
    {
        auto iter = plain(s.iter(), tag::ldnc);
        auto b = plain(s.b(false), tag::ldgo);
        return { { training, forwards, x, iter, iter, any(s.w()), any(s.u()), b, h, iter, iter }, cpu };
    }
    static Backward::primitive_desc backwards(const Sizes &s, const memory::desc &x, const memory::desc &h,
                                              const Forward::primitive_desc &hint)
    {
        auto iter = plain(s.iter(), tag::ldnc), b = plain(s.b(false), tag::ldgo);
        return { { backward, forwards, x, iter, iter, any(s.w()), any(s.u()), b, h, iter, iter,
                   x, iter, iter, any(s.w()), any(s.u()), b, h, iter, iter }, cpu, hint };
    }
};

struct GRU {
    enum { GATES = 3 };
    using Forward = lbr_gru_forward;
    using Backward = lbr_gru_backward;
    static Forward::primitive_desc forward(const Sizes &s, const memory::desc &x, const memory::desc &h)
    {
        auto iter = plain(s.iter(), tag::ldnc);
        return { { training, forwards, x, iter, any(s.w()), any(s.u()), plain(s.b(true), tag::ldgo), h, iter }, cpu };
    }
    static Backward::primitive_desc backwards(const Sizes &s, const memory::desc &x, const memory::desc &h,
                                              const Forward::primitive_desc &hint)
    {
        auto iter = plain(s.iter(), tag::ldnc), b = plain(s.b(true), tag::ldgo);
        return { { backward, forwards, x, iter, any(s.w()), any(s.u()), b, h, iter,
                   x, iter, any(s.w()), any(s.u()), b, h, iter }, cpu, hint };
    }
};

struct AnyLayer {
    memory x, h, dx, dh;
    std::vector<Packed> in, back, out; /* weights for forward, for backward, and their gradients */
    virtual ~AnyLayer() = default;
    virtual void forward() = 0;
    virtual void backward() = 0;
};

template <typename Cell> struct Layer : AnyLayer {
    static constexpr bool gru = std::is_same<Cell, GRU>::value;
    typename Cell::Forward::primitive_desc forward_desc;
    typename Cell::Backward::primitive_desc backward_desc;
    Args forward_args, backward_args;

    Layer(const Sizes &s, const memory &given, const memory &given_dx)
        : forward_desc(Cell::forward(s, plain(s.layer_in(), tag::tnc), plain(s.layer_out(), tag::tnc))),
          backward_desc(Cell::backwards(s, plain(s.layer_in(), tag::tnc), plain(s.layer_out(), tag::tnc), forward_desc))
    {
        x = given;
        dx = given_dx;
        h = memory(plain(s.layer_out(), tag::tnc), cpu);
        dh = memory(plain(s.layer_out(), tag::tnc), cpu);
        float a = 1 / std::sqrt(static_cast<float>(s.hidden));
        memory w(plain(s.w(), tag::ldigo), cpu), u(plain(s.u(), tag::ldigo), cpu), b(plain(s.b(gru), tag::ldgo), cpu);
        memory dw(w.get_desc(), cpu), du(u.get_desc(), cpu), db(b.get_desc(), cpu);
        fill(w, a), fill(u, a), fill(b, a);
        in = { { w, forward_desc.weights_layer_desc() }, { u, forward_desc.weights_iter_desc() } };
        back = { { w, backward_desc.weights_layer_desc() }, { u, backward_desc.weights_iter_desc() } };
        out = { { dw, backward_desc.diff_weights_layer_desc() }, { du, backward_desc.diff_weights_iter_desc() },
                { db, db.get_desc() } };
        forward_args = { { DNNL_ARG_SRC_LAYER, x }, { DNNL_ARG_DST_LAYER, h }, { DNNL_ARG_BIAS, b },
                         { DNNL_ARG_WEIGHTS_LAYER, in[0].theirs }, { DNNL_ARG_WEIGHTS_ITER, in[1].theirs },
                         { DNNL_ARG_WORKSPACE, memory(forward_desc.workspace_desc(), cpu) } };
        const int src[] = { DNNL_ARG_SRC_ITER, DNNL_ARG_SRC_ITER_C };
        const int dst[] = { DNNL_ARG_DST_ITER, DNNL_ARG_DST_ITER_C };
        for (int i = 0; i < (gru ? 1 : 2); i++)
            forward_args[src[i]] = state(s), forward_args[dst[i]] = state(s);
        backward_args = forward_args;
        backward_args[DNNL_ARG_WEIGHTS_LAYER] = back[0].theirs;
        backward_args[DNNL_ARG_WEIGHTS_ITER] = back[1].theirs;
        const int diff[] = { DNNL_ARG_DIFF_WEIGHTS_LAYER, DNNL_ARG_DIFF_WEIGHTS_ITER, DNNL_ARG_DIFF_BIAS };
        for (int i = 0; i < 3; i++)
            backward_args[diff[i]] = out[i].theirs;
        backward_args[DNNL_ARG_DIFF_SRC_LAYER] = dx;
        backward_args[DNNL_ARG_DIFF_DST_LAYER] = dh;
        const int dsrc[] = { DNNL_ARG_DIFF_SRC_ITER, DNNL_ARG_DIFF_SRC_ITER_C };
        const int ddst[] = { DNNL_ARG_DIFF_DST_ITER, DNNL_ARG_DIFF_DST_ITER_C };
        for (int i = 0; i < (gru ? 1 : 2); i++)
            backward_args[dsrc[i]] = state(s), backward_args[ddst[i]] = state(s);
        forward_primitive = typename Cell::Forward(forward_desc);
        backward_primitive = typename Cell::Backward(backward_desc);
    }

    void forward() override
    {
        for (auto &p : in)
            p.pack();
        forward_primitive.execute(line, forward_args);
    }

    void backward() override
    {
        for (auto &p : back)
            p.pack();
        for (auto &p : out)
            zero(p.theirs); /* the primitive adds */
        backward_primitive.execute(line, backward_args);
        for (auto &p : out)
            p.unpack();
    }

  private:
    typename Cell::Forward forward_primitive;
    typename Cell::Backward backward_primitive;

    static memory state(const Sizes &s)
    {
        memory m(plain(s.iter(), tag::ldnc), cpu);
        zero(m);
        return m;
    }
};

using Layers = std::vector<std::unique_ptr<AnyLayer>>;

template <typename Cell> static Layers make(int layers, Sizes s)
{
    Layers made;
    s.gates = Cell::GATES;
    memory x(plain(s.layer_in(), tag::tnc), cpu), dx(x.get_desc(), cpu);
    fill(x, 1);
    for (int i = 0; i < layers; i++) {
        made.push_back(std::make_unique<Layer<Cell>>(s, x, dx));
        x = made.back()->h, dx = made.back()->dh;
        s.input = s.hidden;
    }
    fill(dx, 1e-3f); /* what a head would have sent back */
    return made;
}

static void window(Layers &layers)
{
    for (auto &l : layers)
        l->forward();
    for (size_t i = layers.size(); i-- > 0;)
        layers[i]->backward();
    line.wait();
}

static void go(Layers &layers, double how_long)
{
    static int repeats = 1;
    double begun = seconds();
    std::printf("times");
    do {
        double start = seconds();
        for (int i = 0; i < repeats; i++)
            window(layers);
        double spent = seconds() - start;
        if (spent < 150e-6)
            repeats *= 2;
        else
            std::printf(" %.6g", 1e6 * spent / repeats);
    } while (seconds() - begun < how_long);
    std::printf("\n");
    std::fflush(stdout);
}

static double norm(const memory &m)
{
    const float *x = static_cast<const float *>(m.get_data_handle());
    double sum = 0;
    for (size_t i = 0; i < m.get_desc().get_size() / sizeof *x; i++)
        sum += static_cast<double>(x[i]) * x[i];
    return std::sqrt(sum);
}

/* Of the last layer's h, of the gradients of the first layer's parameters, and of its inputs. */
static void print_norms(Layers &layers)
{
    window(layers);
    std::printf("norms %.9g", norm(layers.back()->h));
    for (auto &p : layers.front()->out)
        std::printf(" %.9g", norm(p.own));
    std::printf(" %.9g\n", norm(layers.front()->dx));
    std::fflush(stdout);
}

int main(int argc, char **argv)
try {
    if (argc != 7)
        throw std::runtime_error("onednn lstm|gru LAYERS IN HIDDEN BATCH STEPS");
    cpu = engine(engine::kind::cpu, 0);
    line = stream(cpu);
    Sizes s = { 0, std::atoi(argv[3]), std::atoi(argv[4]), std::atoi(argv[5]), std::atoi(argv[6]) };
    bool gru = std::string(argv[1]) == "gru";
    Layers layers = gru ? make<GRU>(std::atoi(argv[2]), s) : make<LSTM>(std::atoi(argv[2]), s);
    const dnnl_version_t *v = dnnl_version();
    std::printf("ready {\"version\": \"%d.%d.%d\"}\n", v->major, v->minor, v->patch);
    std::fflush(stdout);
    char question[256];
    double x;
    while (std::fgets(question, sizeof question, stdin))
        if (std::sscanf(question, "go %lf", &x) == 1)
            go(layers, x);
        else
            print_norms(layers);
} catch (const std::exception &e) {
    std::printf("failed oneDNN: %s\n", e.what());
    return 1;
}
