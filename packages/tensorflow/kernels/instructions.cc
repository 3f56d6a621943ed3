// Runs a program over a block of rows. Compiled once for each level of the processor (TEMPER_LEVEL), see register.cc.
#include <algorithm>

#include "rows.h"
#include "divergence.h"

// Input and output of an instruction are either the same memory or apart, so every loop may be vectorised.
#if defined(__clang__)
#define VECTORISE _Pragma("clang loop vectorize(assume_safety)")
#else
#define VECTORISE _Pragma("GCC ivdep")
#endif

namespace temper {
namespace TEMPER_LEVEL {
namespace {

/** An operand of one loop: a single number, or one for each element. */
struct Arg {
  const float* at;
  bool single;
};

template <class F>
INLINE void map(float* out, Arg a, int64_t n, F f) {
  if (a.single) {
    const float value = f(*a.at);
    for (int64_t i = 0; i < n; i++) out[i] = value;
    return;
  }
  const float* x = a.at;
  VECTORISE
  for (int64_t i = 0; i < n; i++) out[i] = f(x[i]);
}

template <class F>
INLINE void map(float* out, Arg a, Arg b, int64_t n, F f) {
  const float *x = a.at, *y = b.at;
  if (a.single && b.single) {
    const float value = f(*x, *y);
    for (int64_t i = 0; i < n; i++) out[i] = value;
  } else if (a.single) {
    const float one = *x;
    VECTORISE
    for (int64_t i = 0; i < n; i++) out[i] = f(one, y[i]);
  } else if (b.single) {
    const float one = *y;
    VECTORISE
    for (int64_t i = 0; i < n; i++) out[i] = f(x[i], one);
  } else {
    VECTORISE
    for (int64_t i = 0; i < n; i++) out[i] = f(x[i], y[i]);
  }
}

template <bool A, bool B, bool C, class F>
INLINE void mapThree(float* out, const float* a, const float* b, const float* c, int64_t n, F f) {
  const float x = *a, y = *b, z = *c;
  VECTORISE
  for (int64_t i = 0; i < n; i++) out[i] = f(A ? x : a[i], B ? y : b[i], C ? z : c[i]);
}

template <class F>
INLINE void map(float* out, Arg a, Arg b, Arg c, int64_t n, F f) {
  switch ((a.single ? 4 : 0) + (b.single ? 2 : 0) + (c.single ? 1 : 0)) {
    case 0: return mapThree<false, false, false>(out, a.at, b.at, c.at, n, f);
    case 1: return mapThree<false, false, true>(out, a.at, b.at, c.at, n, f);
    case 2: return mapThree<false, true, false>(out, a.at, b.at, c.at, n, f);
    case 3: return mapThree<false, true, true>(out, a.at, b.at, c.at, n, f);
    case 4: return mapThree<true, false, false>(out, a.at, b.at, c.at, n, f);
    case 5: return mapThree<true, false, true>(out, a.at, b.at, c.at, n, f);
    case 6: return mapThree<true, true, false>(out, a.at, b.at, c.at, n, f);
    default: return mapThree<true, true, true>(out, a.at, b.at, c.at, n, f);
  }
}

INLINE float larger(float a, float b) { const float most = a > b ? a : b; return a == a ? most : a; }
INLINE float smaller(float a, float b) { const float least = a < b ? a : b; return a == a ? least : a; }

/**
 * x / y for one y. A vector division takes as long as ten multiplications; with a fused multiply-add two steps from the
 * reciprocal give the same bits, unless numbers are so small or large that they leave the range of floats on the way.
 */
INLINE void divideBy(float* out, const float* x, float y, int64_t n) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
  const float size = std::fabs(y);
  if (size > 1e-18f && size < 1e18f) {
    const float inverse = 1.0f / y;
    VECTORISE
    for (int64_t i = 0; i < n; i++) {
      const float quotient = x[i] * inverse;
      const float refined = __builtin_fmaf(__builtin_fmaf(-quotient, y, x[i]), inverse, quotient);
      out[i] = std::fabs(quotient) < HUGE_VALF ? refined : quotient;
    }
    return;
  }
#endif
  VECTORISE
  for (int64_t i = 0; i < n; i++) out[i] = x[i] / y;
}

void elementwise(Op op, float* out, Arg a, Arg b, Arg c, int64_t n) {
  switch (op) {
    case kSubMul: return map(out, a, b, c, n, [](float x, float y, float z) { return (x - y) * z; });
    case kMulAdd: return map(out, a, b, c, n, [](float x, float y, float z) { return x * y + z; });
    case kAdd: return map(out, a, b, n, [](float x, float y) { return x + y; });
    case kSub: return map(out, a, b, n, [](float x, float y) { return x - y; });
    case kMul: return map(out, a, b, n, [](float x, float y) { return x * y; });
    case kDiv: return b.single && !a.single ? divideBy(out, a.at, *b.at, n) : map(out, a, b, n, [](float x, float y) { return x / y; });
    case kMaximum: return map(out, a, b, n, [](float x, float y) { return larger(x, y); });
    case kMinimum: return map(out, a, b, n, [](float x, float y) { return smaller(x, y); });
    case kReluGrad: return map(out, a, b, n, [](float dy, float y) { return y > 0.0f ? dy : 0.0f; });
    case kSquaredDifference: return map(out, a, b, n, [](float x, float y) { return (x - y) * (x - y); });
    case kCopy: return map(out, a, n, [](float x) { return x; });
    case kNeg: return map(out, a, n, [](float x) { return -x; });
    case kExp: return map(out, a, n, [](float x) { return exp(x); });
    case kLog: return map(out, a, n, [](float x) { return log(x); });
    case kSqrt: return map(out, a, n, [](float x) { return std::sqrt(x); });
    case kRsqrt: return map(out, a, n, [](float x) { return 1.0f / std::sqrt(x); });
    case kSquare: return map(out, a, n, [](float x) { return x * x; });
    case kTanh: return map(out, a, n, [](float x) { return tanh(x); });
    case kSigmoid: return map(out, a, n, [](float x) { return 1.0f / (1.0f + exp(-x)); });
    case kErf: return map(out, a, n, [](float x) { return erf(x); });
    case kRelu: return map(out, a, n, [](float x) { return x < 0.0f ? 0.0f : x; });
    case kAbs: return map(out, a, n, [](float x) { return std::fabs(x); });
    case kReciprocal: return map(out, a, n, [](float x) { return 1.0f / x; });
    default: return;
  }
}

/** The rows of a block, as one instruction sees them. */
struct Block {
  const Program& program;
  const Buffers& buffers;
  int64_t first, count;
  float *scratch, *partials;

  /** Where a value's part of this block begins; for a tile, where its first row of all does. */
  float* begin(const Value& value) const {
    const int64_t offset = value.kind == kFull ? first * program.columns : value.kind == kRow ? first : 0;
    switch (value.space) {
      case kInput: return const_cast<float*>(buffers.inputs[value.at]) + offset;
      case kOutput: return buffers.outputs[value.at] + offset;
      case kRegister: return scratch + value.at;
      case kConstant: return const_cast<float*>(&program.constants[value.at]);
      default: return partials + value.at;
    }
  }

  /** A value in row `row` of the block. */
  Arg rowOf(const Value& value, const float* from, int64_t row) const {
    switch (value.kind) {
      case kScalar: return {from, true};
      case kRow: return {from + row, true};
      case kFull: return {from + row * program.columns, false};
      default: return {from + (first + row) % value.period * program.columns, false};
    }
  }
};

void reduceRows(Op op, const Block& block, float* out, const float* a) {
  const int64_t columns = block.program.columns;
  for (int64_t r = 0; r < block.count; r++, a += columns) {
    out[r] = op == kRowMax ? most(a, columns) : op == kRowSum ? sum(a, columns) : sum(a, columns) / static_cast<float>(columns);
  }
}

void divergences(const Block& block, const Instruction& instruction) {
  const auto& values = block.program.values;
  const auto begin = [&](int value) { return value < 0 ? nullptr : block.begin(values[value]); };
  const int64_t columns = block.program.columns;
  const float *t = begin(instruction.a), *s = begin(instruction.b), *apart = begin(instruction.c);
  const auto& [pull, tilt, memory] = instruction.more;
  float *out = begin(instruction.out), *student = begin(pull), *teacher = begin(tilt), *e = begin(memory);
  for (int64_t r = 0; r < block.count; r++) {
    const int64_t at = r * columns;
    out[r] = divergence({t + at, s + at, apart + at, columns}, e, {student ? student + at : nullptr, teacher ? teacher + at : nullptr});
  }
}

/** Σ x·y of each row; either may be one number for all, one a row, or rows that repeat. */
void dotRows(const Block& block, const Value& x, const Value& y, float* out, const float* a, const float* b) {
  const int64_t columns = block.program.columns;
  for (int64_t r = 0; r < block.count; r++) {
    const Arg one = block.rowOf(x, a, r), other = block.rowOf(y, b, r);
    if (one.single && other.single) out[r] = *one.at * *other.at * static_cast<float>(columns);
    else if (one.single) out[r] = *one.at * sum(other.at, columns);
    else if (other.single) out[r] = sum(one.at, columns) * *other.at;
    else out[r] = dot(one.at, other.at, columns);
  }
}

void oneHot(const Block& block, float* out, const float* labels, const float* onOff) {
  const int64_t columns = block.program.columns;
  for (int64_t r = 0; r < block.count; r++, out += columns) {
    for (int64_t i = 0; i < columns; i++) out[i] = onOff[1];
    const int32_t label = toBits(labels[r]);
    if (label >= 0 && label < columns) out[label] = onOff[0];
  }
}

void run(const Block& block, const Instruction& instruction) {
  const auto& values = block.program.values;
  const Value &to = values[instruction.out], &x = values[instruction.a], &y = values[instruction.b], &z = values[instruction.c];
  float* out = block.begin(to);
  const float *a = block.begin(x), *b = block.begin(y), *c = block.begin(z);
  const int64_t columns = block.program.columns;
  switch (instruction.op) {
    case kRowSum: case kRowMean: case kRowMax: return reduceRows(instruction.op, block, out, a);
    case kRowDot: return dotRows(block, x, y, out, a, b);
    case kOneHot: return oneHot(block, out, a, b);
    case kDivergence: return divergences(block, instruction);
    case kTotal: *out += sum(a, x.kind == kRow ? block.count : block.count * columns); return;
    case kColumnSum:
      for (int64_t r = 0; r < block.count; r++) elementwise(kAdd, out, {out, false}, {a + r * columns, false}, {}, columns);
      return;
    default: break;
  }
  const auto isByRow = [](const Value& value) { return value.kind == kRow || value.kind == kTile; };
  const bool byRow = to.kind == kFull && (isByRow(x) || isByRow(y) || isByRow(z));
  if (!byRow) {
    const int64_t n = to.kind == kFull ? block.count * columns : to.kind == kRow ? block.count : 1;
    return elementwise(instruction.op, out, {a, x.kind == kScalar}, {b, y.kind == kScalar}, {c, z.kind == kScalar}, n);
  }
  for (int64_t r = 0; r < block.count; r++) {
    elementwise(instruction.op, out + r * columns, block.rowOf(x, a, r), block.rowOf(y, b, r), block.rowOf(z, c, r), columns);
  }
}

constexpr int64_t cacheLine = 64;

/** Asks for a piece of what the next block reads and writes, so that memory works while this one is computed. */
INLINE void fetchAhead(const Block& block, int64_t piece, int64_t pieces) {
  const Program& program = block.program;
  const int64_t next = block.first + block.count;
  const int64_t bytes = std::min(program.block, program.rows - next) * program.columns * static_cast<int64_t>(sizeof(float));
  const int64_t from = bytes * piece / pieces / cacheLine * cacheLine, to = bytes * (piece + 1) / pieces;
  for (const Value& table : program.tables) {
    const bool isRead = table.space == kInput;
    const auto* memory = reinterpret_cast<const char*>((isRead ? block.buffers.inputs[table.at] : block.buffers.outputs[table.at]) + next * program.columns);
    for (int64_t at = from; at < to; at += cacheLine) {
      if (isRead) __builtin_prefetch(memory + at, 0, 2);
      else __builtin_prefetch(memory + at, 1, 2);
    }
  }
}

}  // namespace

void runBlock(const Program& program, const Buffers& buffers, int64_t first, int64_t count, float* scratch, float* partials) {
  const Block block{program, buffers, first, count, scratch, partials};
  const int64_t pieces = program.instructions.size();
  for (int64_t i = 0; i < pieces; i++) {
    fetchAhead(block, i, pieces);
    run(block, program.instructions[i]);
  }
}

}  // namespace TEMPER_LEVEL
}  // namespace temper
