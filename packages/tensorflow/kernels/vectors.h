// Rows of floats as vectors: sums and maxima, the same bits every time.
#pragma once
#include "math.h"

namespace temper {
namespace TEMPER_LEVEL {

INLINE Floats load(const float* a) { Floats x; std::memcpy(&x, a, sizeof(x)); return x; }

/** Up to `lanes` floats; the other lanes are 0. */
INLINE Floats load(const float* a, int64_t count) {
  if (count >= lanes) return load(a);
  Floats x = {};
  for (int64_t i = 0; i < count; i++) x[i] = a[i];
  return x;
}

INLINE void store(float* a, Floats x, int64_t count) {
  if (count >= lanes) std::memcpy(a, &x, sizeof(x));
  else for (int64_t i = 0; i < count; i++) a[i] = x[i];
}

/** Calls f(first, count) for each vector of n floats; all but the last have `lanes` floats. */
template <class F>
INLINE void eachVector(int64_t n, F f) {
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) f(i, static_cast<int64_t>(lanes));
  if (i < n) f(i, n - i);
}

INLINE float sum(Floats all) {
  for (int width = lanes / 2; width > 0; width /= 2)
    for (int k = 0; k < width; k++) all[k] += all[k + width];
  return all[0];
}

// Vectors of results in each of four sums, put together in a fixed order: fast, since additions need not wait for each
// other.
constexpr int sums = 4;

INLINE float sum(const float* a, int64_t n) {
  Floats parts[sums] = {};
  int64_t i = 0;
  for (; i + sums * lanes <= n; i += sums * lanes)
    for (int k = 0; k < sums; k++) parts[k] += load(a + i + k * lanes);
  for (; i + lanes <= n; i += lanes) parts[0] += load(a + i);
  Floats all = (parts[0] + parts[1]) + (parts[2] + parts[3]);
  for (int k = 0; i < n; i++, k++) all[k] += a[i];
  return sum(all);
}

/** Σ a·b. */
INLINE float dot(const float* a, const float* b, int64_t n) {
  Floats parts[sums] = {};
  int64_t i = 0;
  for (; i + sums * lanes <= n; i += sums * lanes)
    for (int k = 0; k < sums; k++) parts[k] += load(a + i + k * lanes) * load(b + i + k * lanes);
  for (; i + lanes <= n; i += lanes) parts[0] += load(a + i) * load(b + i);
  Floats all = (parts[0] + parts[1]) + (parts[2] + parts[3]);
  for (int k = 0; i < n; i++, k++) all[k] += a[i] * b[i];
  return sum(all);
}

/** The largest; NaN where there is one, which is looked for by itself: no instruction finds a maximum that lets it through. */
INLINE float most(const float* a, int64_t n) {
  Floats found[sums];
  Integers odd = {};
  for (int k = 0; k < sums; k++) found[k] = Floats{} - HUGE_VALF;
  int64_t i = 0;
  const auto take = [&](int k, Floats x) {
    found[k] = x > found[k] ? x : found[k];
    odd |= x != x;
  };
  for (; i + sums * lanes <= n; i += sums * lanes)
    for (int k = 0; k < sums; k++) take(k, load(a + i + k * lanes));
  for (; i + lanes <= n; i += lanes) take(0, load(a + i));
  const auto both = [](Floats x, Floats y) { return x > y ? x : y; };
  Floats all = both(both(found[0], found[1]), both(found[2], found[3]));
  for (int k = 0; i < n; i++, k++) {
    all[k] = a[i] > all[k] ? a[i] : all[k];
    odd[k] |= a[i] != a[i];
  }
  for (int width = lanes / 2; width > 0; width /= 2) {
    for (int k = 0; k < width; k++) {
      all[k] = all[k] > all[k + width] ? all[k] : all[k + width];
      odd[k] |= odd[k + width];
    }
  }
  return odd[0] != 0 ? NAN : all[0];
}

}  // namespace TEMPER_LEVEL
}  // namespace temper
