// KL(p ‖ q) of one row with p = softmax(t), q = softmax(s), and its gradients; see src/compiled/fuse/divergence.ts.
#pragma once
#include "vectors.h"

namespace temper {
namespace TEMPER_LEVEL {

/** One row of n classes. `apart` is t − s up to a constant, with the digits that the difference of t and s may have lost. */
struct Sides {
  const float *t, *s, *apart;
  int64_t n;
};

/** Where results go: p − q, and p (log(p/q) − KL). Null where nobody needs them. */
struct Pulls {
  float *student, *teacher;
};

/** From here on e^x times an underflown p would be wrong. */
constexpr float mostApart = 40.0f;

/**
 * The formula of @temper/losses with tanh, for rows in which the student finds a class e^40 times as likely as the teacher, and
 * for those that are not finite. `e` holds exp(t), `sum` its sum.
 */
inline float divergenceByTanh(const Sides& row, const float* e, float sumOfTeacher, const Pulls& to) {
  Floats total = {};
  eachVector(row.n, [&](int64_t i, int64_t count) {
    const Floats w = exp(load(row.s + i, count));
    total += count < lanes ? (laneNumbers() < static_cast<int32_t>(count) ? w : Floats{}) : w;
  });
  const float sumOfStudent = sum(total);
  const float shift = log(sumOfStudent / sumOfTeacher), inverse = 1.0f / sumOfTeacher, inverseOfStudent = 1.0f / sumOfStudent;
  struct Compared { Floats p, both, u, tanh; };
  const auto compare = [&](int64_t i, int64_t count) -> Compared {
    const Floats p = load(e + i, count) * inverse;
    Floats q = exp(load(row.s + i, count)) * inverseOfStudent;
    if (count < lanes) q = laneNumbers() < static_cast<int32_t>(count) ? q : Floats{};
    const Floats u = (load(row.apart + i, count) + shift) * 0.5f;
    return {p, p + q, u, tanh(u)};
  };
  Floats rough = {};
  eachVector(row.n, [&](int64_t i, int64_t count) {
    const Compared at = compare(i, count);
    rough += at.both * at.tanh;
  });
  const float excess = sum(rough) * 0.5f;
  const auto pullOf = [&](const Compared& at) { return at.both * at.tanh - at.both * excess; };
  Floats first = {}, second = {};
  eachVector(row.n, [&](int64_t i, int64_t count) {
    const Compared at = compare(i, count);
    const Floats bounded = at.u < -9.0f ? Floats{} - 9.0f : at.u;
    const Floats one = bounded * (bounded * bounded), other = at.tanh * (at.tanh * at.tanh), exact = (bounded - at.tanh) * 3.0f;
    const Floats low = one < other ? one : other, high = one < other ? other : one;
    const Floats upper = high < exact ? high : exact;
    first += pullOf(at) * bounded;
    second += at.both * (low > upper ? low : upper);
  });
  const float value = sum(first) + sum(second) * (1.0f / 3.0f);
  eachVector(row.n, [&](int64_t i, int64_t count) {
    const Compared at = compare(i, count);
    if (to.student != nullptr) store(to.student + i, pullOf(at), count);
    if (to.teacher != nullptr) store(to.teacher + i, at.p * ((at.u - excess) * 2.0f - value), count);
  });
  return value;
}

/**
 * With x = log(q/p) up to a constant, centred so that Σ p x is a rounding δ alone, and g = e^x − 1 − x:
 * KL = log(1 + Σ p g + δ) − δ, and q − p = p (x + g − Σ p g − δ) / (1 + Σ p g + δ). Two exponentials, and no logarithm or
 * division for each class; no term is a difference of nearly equal numbers. `e` is memory for one row.
 */
inline float divergence(const Sides& row, float* e, const Pulls& to) {
  Floats sums = {}, moments = {};
  eachVector(row.n, [&](int64_t i, int64_t count) {
    Floats power = exp(load(row.t + i, count));
    if (count < lanes) power = laneNumbers() < static_cast<int32_t>(count) ? power : Floats{};
    sums += power;
    moments += power * load(row.apart + i, count);
    store(e + i, power, count);
  });
  const float total = sum(sums), inverse = 1.0f / total, mean = sum(moments) * inverse;
  Floats residues = {}, excesses = {};
  Integers odd = {};
  eachVector(row.n, [&](int64_t i, int64_t count) {
    const Floats x = mean - load(row.apart + i, count), power = load(e + i, count);
    const Floats g = excessOfExp(x);
    odd |= ~(x <= mostApart);
    residues += power * x;
    excesses += power * g;
    if (to.student != nullptr) store(to.student + i, power * (x + g), count);
  });
  int32_t isOdd = 0;
  for (int k = 0; k < lanes; k++) isOdd |= odd[k];
  if (isOdd != 0) return divergenceByTanh(row, e, total, to);
  const float residue = sum(residues) * inverse, growth = residue + sum(excesses) * inverse;
  const float factor = inverse / (1.0f + growth);
  eachVector(row.n, [&](int64_t i, int64_t count) {
    const Floats power = load(e + i, count);
    if (to.student != nullptr) store(to.student + i, (power * growth - load(to.student + i, count)) * factor, count);
    if (to.teacher != nullptr) store(to.teacher + i, power * (residue - mean + load(row.apart + i, count)) * inverse, count);
  });
  return std::log1p(growth) - residue;
}

}  // namespace TEMPER_LEVEL
}  // namespace temper
