// Elementary functions of floats as plain arithmetic, which compilers vectorise in loops; within 2 units in the last place
// of exp, log and tanh, 4 of erf. NaN stays NaN, and what overflows is infinite: a loss that is not finite has to show.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

#define INLINE inline __attribute__((always_inline))

namespace temper {
namespace TEMPER_LEVEL {

// The processor's widest vectors of floats; compilers split wider ones badly.
#if defined(__AVX512F__)
constexpr int lanes = 16;
#elif defined(__AVX2__)
constexpr int lanes = 8;
#else
constexpr int lanes = 4;
#endif

typedef float Floats __attribute__((vector_size(4 * lanes)));
typedef int32_t Integers __attribute__((vector_size(4 * lanes)));

INLINE float fromBits(int32_t bits) { float x; std::memcpy(&x, &bits, 4); return x; }
INLINE int32_t toBits(float x) { int32_t bits; std::memcpy(&bits, &x, 4); return bits; }
INLINE Floats fromBits(Integers bits) { return reinterpret_cast<Floats>(bits); }
INLINE Integers toBits(Floats x) { return reinterpret_cast<Integers>(x); }

/** 0, 1, 2, … */
INLINE Integers laneNumbers() {
  Integers numbers;
  for (int k = 0; k < lanes; k++) numbers[k] = k;
  return numbers;
}

// Functions of T take a float or a vector of floats. Comparisons with NaN are false, so these let it through.
template <class T>
INLINE T clamp(T x, float low, float high) {
  x = x < low ? T{} + low : x;
  return x > high ? T{} + high : x;
}

/** Horner's scheme; the coefficient of the highest power first. */
template <class T, class... Rest>
INLINE T polynomial(T x, float first, Rest... rest) {
  T sum = T{} + first;
  ((sum = sum * x + rest), ...);
  return sum;
}

/** x = n·ln 2 + r with |r| ≤ ln 2 / 2. Returns r; `whole` gets n. Exact for n = 0. */
template <class T, class I>
INLINE T reduced(T x, I& whole) {
  const float magic = 12582912.0f;  // 1.5 · 2²³: adding it rounds to an integer, which stands in the lowest bits.
  const T shifted = x * 1.44269504088896341f + magic;
  const T n = shifted - magic;
  whole = toBits(shifted) - toBits(magic);
  return (x - n * 0.693359375f) - n * -2.12194440e-4f;
}

/** eʳ − 1 − r for |r| ≤ ln 2 / 2, to 2 units in the last place also where r is small (Cephes). */
template <class T>
INLINE T smallExcess(T r) {
  return polynomial(r, 1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f) * (r * r);
}

/** 2ⁿ in two factors, so that denormal and infinite results come out right. */
template <class T>
INLINE T exp(T given) {
  const T x = clamp(given, -104.0f, 89.0f);
  auto whole = toBits(x);
  const T r = reduced(x, whole);
  const T p = smallExcess(r) + r + 1.0f;
  const auto half = whole >> 1;
  return p * fromBits((half + 127) << 23) * fromBits((whole - half + 127) << 23);
}

/** eˣ − 1 − x for x ≤ 88, accurate also where x is small: no difference of nearly equal numbers. */
template <class T>
INLINE T excessOfExp(T x) {
  auto whole = toBits(x);
  const T r = reduced(clamp(x, -87.0f, 88.0f), whole);
  const T power = fromBits((whole + 127) << 23);
  return power * smallExcess(r) + (power * r - x) + (power - 1.0f);
}

/** Cephes: x = m·2ⁿ with m in [√½, √2), log m by a polynomial. */
INLINE float log(float given) {
  const bool isTiny = given < 1.17549435e-38f;
  const float x = isTiny ? given * 8388608.0f : given;
  const int32_t bits = toBits(x);
  const int32_t up = (bits & 0x7fffff) > 0x3504f3 ? 1 : 0;
  const float n = static_cast<float>((bits >> 23) - 127 + up - (isTiny ? 23 : 0));
  const float m = fromBits((bits & 0x7fffff) | ((127 - up) << 23)) - 1.0f;
  const float p = polynomial(m, 7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
                             -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f);
  const float square = m * m;
  float y = p * m * square + n * -2.12194440e-4f - 0.5f * square;
  y = m + y + n * 0.693359375f;
  y = given > 3.4028234e38f ? given : y;
  y = given == 0.0f ? -HUGE_VALF : y;
  return given >= 0.0f ? y : NAN;
}

/** Eigen's rational function, odd, so that it is as exact near 0 as elsewhere. */
template <class T>
INLINE T tanh(T given) {
  const T x = clamp(given, -7.90531110763549805f, 7.90531110763549805f);
  const T s = x * x;
  const T p = polynomial(s, -2.76076847742355e-16f, 2.00018790482477e-13f, -8.60467152213735e-11f, 5.12229709037114e-08f,
                             1.48572235717979e-05f, 6.37261928875436e-04f, 4.89352455891786e-03f);
  const T q = polynomial(s, 1.19825839466702e-06f, 1.18534705686654e-04f, 2.26843463243900e-03f, 4.89352518554385e-03f);
  const T y = x * p / q;
  return s < 1.6e-7f ? given : y;
}

/** Eigen's rational function; beyond 4 it is ±1. */
INLINE float erf(float given) {
  const float x = clamp(given, -4.0f, 4.0f);
  const float s = x * x;
  const float p = polynomial(s, -2.72614225801306e-10f, 2.77068142495902e-08f, -2.10102402082508e-06f, -5.69250639462346e-05f,
                             -7.34990630326855e-04f, -2.95459980854025e-03f, -1.60960333262415e-02f);
  const float q = polynomial(s, -1.45660718464996e-05f, -2.13374055278905e-04f, -1.68282697438203e-03f,
                             -7.37332916720468e-03f, -1.42647390514189e-02f);
  return x * p / q;
}

}  // namespace TEMPER_LEVEL
}  // namespace temper
