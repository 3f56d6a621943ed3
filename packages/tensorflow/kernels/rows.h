// What the parts of the kernel share: a program over a table of rows × columns, and how a block of its rows is run.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

namespace temper {

/** Where a value lies. A partial is summed for each part of the rows by itself; the parts are added up at the end. */
enum Space : int { kInput, kOutput, kRegister, kConstant, kPartial };

/** How a value lies over the table: one number, one a row, one a cell, or rows that repeat every `period` rows. */
enum Kind : int { kScalar, kRow, kFull, kTile };

/** Kept equal to `opcodes` in src/compiled/fuse/program.ts. */
enum Op : int {
  kCopy, kAdd, kSub, kMul, kDiv, kMaximum, kMinimum, kReluGrad, kSquaredDifference,
  kNeg, kExp, kLog, kSqrt, kRsqrt, kSquare, kTanh, kSigmoid, kErf, kRelu, kAbs, kReciprocal,
  kRowSum, kRowMean, kRowMax, kOneHot, kColumnSum, kTotal, kDivergence,
  kSubMul, kMulAdd, kRowDot,
};

struct Value {
  Space space;
  Kind kind;
  /** Number of the input, output, constant; or first float within the scratch memory of a block or the partials of a part. */
  int64_t at;
  int64_t period;
};

struct Instruction {
  Op op;
  int out, a, b, c;
  /** Further results and memory, for the few that have them; -1 for none. */
  std::array<int, 3> more;
};

struct Program {
  int64_t rows, columns;
  /** Rows that are worked on together, so that what lies between instructions stays in the nearest caches. */
  int64_t block;
  /** Floats of scratch memory for a block, and of partial sums for a part. */
  int64_t scratch, partials;
  std::vector<Value> values;
  std::vector<Instruction> instructions;
  std::vector<float> constants;
  /** Inputs and outputs of one number a cell, each once. */
  std::vector<Value> tables;
};

/** Memory of one run. */
struct Buffers {
  const float* const* inputs;
  float* const* outputs;
};

/** Sets of the processor's instructions, each with those before it. Kept equal to `levels` in src/compiled/fuse/level.ts. */
enum Level : int { kBaseline, kAvx2, kAvx512 };

/** Runs all instructions over rows [first, first + count), count ≤ block. */
using RunBlock = void (*)(const Program&, const Buffers&, int64_t first, int64_t count, float* scratch, float* partials);

namespace baseline { void runBlock(const Program&, const Buffers&, int64_t, int64_t, float*, float*); }
namespace avx2 { void runBlock(const Program&, const Buffers&, int64_t, int64_t, float*, float*); }
namespace avx512 { void runBlock(const Program&, const Buffers&, int64_t, int64_t, float*, float*); }

}  // namespace temper
