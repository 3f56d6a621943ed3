// TemperRows, an operation of TensorFlow: many elementwise operations and sums over rows in one pass over memory. It is
// registered when Node loads this file, through TensorFlow's C API.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

// Leaves out a part of the header whose own headers TensorFlow does not ship.
#define IS_SLIM_BUILD
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"

#include <node_api.h>

#include "files.h"
#include "pool.h"
#include "rows.h"

namespace temper {
namespace {

/** Cells from which the work is worth waking other threads (some 20 µs), times instructions. */
constexpr int64_t parallelWork = 200000;
/** Parts of the rows; a fixed number, so that sums do not depend on the number of threads. */
constexpr int64_t maxParts = 16;

struct Kernel {
  Program program;
  std::vector<std::vector<int64_t>> shapes;
  /** For each output, inputs whose memory it may take over. */
  std::vector<std::vector<int>> forwards;
  RunBlock runBlock;
};

/** The best that this processor has. */
Level supported() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) return kAvx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return kAvx2;
#endif
  return kBaseline;
}

RunBlock runBlockOf(int64_t level) {
#if defined(__x86_64__)
  if (level >= kAvx512) return avx512::runBlock;
  if (level == kAvx2) return avx2::runBlock;
#endif
  return baseline::runBlock;
}

class Status {
 public:
  Status() : status_(TF_NewStatus()) {}
  ~Status() { TF_DeleteStatus(status_); }
  operator TF_Status*() const { return status_; }
  bool ok() const { return TF_GetCode(status_) == TF_OK; }

 private:
  TF_Status* status_;
};

std::vector<int64_t> integers(TF_OpKernelConstruction* from, const char* name, TF_Status* status) {
  int32_t length = 0, total = 0;
  TF_OpKernelConstruction_GetAttrSize(from, name, &length, &total, status);
  std::vector<int64_t> values(std::max(length, 0));
  if (length > 0) TF_OpKernelConstruction_GetAttrInt64List(from, name, values.data(), length, status);
  return values;
}

void* create(TF_OpKernelConstruction* from) {
  Status status;
  auto* kernel = new Kernel();
  Program& program = kernel->program;
  const auto sizes = integers(from, "sizes", status);
  const auto values = integers(from, "values", status);
  const auto code = integers(from, "code", status);
  const auto shapes = integers(from, "shapes", status);
  const auto forwards = integers(from, "forwards", status);
  int64_t level = 0;
  TF_OpKernelConstruction_GetAttrInt64(from, "level", &level, status);
  int32_t constants = 0, total = 0;
  TF_OpKernelConstruction_GetAttrSize(from, "constants", &constants, &total, status);
  program.constants.resize(std::max(constants, 0));
  if (constants > 0) TF_OpKernelConstruction_GetAttrFloatList(from, "constants", program.constants.data(), constants, status);
  if (!status.ok()) {
    TF_OpKernelConstruction_Failure(from, status);
    return kernel;
  }
  program.rows = sizes[0];
  program.columns = sizes[1];
  program.block = sizes[2];
  program.scratch = sizes[3];
  program.partials = sizes[4];
  for (size_t i = 0; i + 3 < values.size(); i += 4) {
    program.values.push_back({static_cast<Space>(values[i]), static_cast<Kind>(values[i + 1]), values[i + 2], values[i + 3]});
  }
  for (const Value& value : program.values) {
    const auto isSame = [&](const Value& table) { return table.space == value.space && table.at == value.at; };
    const bool isTable = value.kind == kFull && (value.space == kInput || value.space == kOutput);
    if (isTable && std::none_of(program.tables.begin(), program.tables.end(), isSame)) program.tables.push_back(value);
  }
  for (size_t i = 0; i + 7 < code.size(); i += 8) {
    const auto at = [&](size_t k) { return static_cast<int>(code[i + k]); };
    program.instructions.push_back({static_cast<Op>(at(0)), at(1), at(2), at(3), at(4), {at(5), at(6), at(7)}});
  }
  for (size_t i = 0; i < shapes.size(); i += 1 + shapes[i]) {
    kernel->shapes.emplace_back(shapes.begin() + i + 1, shapes.begin() + i + 1 + shapes[i]);
  }
  for (size_t i = 0; i < forwards.size(); i += 1 + forwards[i]) {
    kernel->forwards.emplace_back(forwards.begin() + i + 1, forwards.begin() + i + 1 + forwards[i]);
  }
  kernel->runBlock = runBlockOf(std::min(level, static_cast<int64_t>(supported())));
  return kernel;
}

/** Inputs and outputs of one run; frees the handles, not the data. */
struct Tensors {
  std::vector<TF_Tensor*> handles;
  std::vector<const float*> inputs;
  std::vector<float*> outputs;
  ~Tensors() {
    for (TF_Tensor* tensor : handles) TF_DeleteTensor(tensor);
  }
};

// Outputs first: an input that is held already cannot be taken over.
bool take(const Kernel& kernel, TF_OpKernelContext* context, Tensors& tensors, TF_Status* status) {
  for (size_t i = 0; i < kernel.shapes.size(); i++) {
    const auto& shape = kernel.shapes[i];
    const auto& inputs = kernel.forwards[i];
    int forwarded = -1;
    TF_Tensor* tensor = TF_ForwardInputOrAllocateOutput(context, inputs.data(), static_cast<int>(inputs.size()), static_cast<int>(i), shape.data(), static_cast<int>(shape.size()), &forwarded, status);
    if (TF_GetCode(status) != TF_OK) return false;
    tensors.handles.push_back(tensor);
    tensors.outputs.push_back(static_cast<float*>(TF_TensorData(tensor)));
  }
  for (int i = 0; i < TF_NumInputs(context); i++) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context, i, &tensor, status);
    if (TF_GetCode(status) != TF_OK) return false;
    tensors.handles.push_back(tensor);
    tensors.inputs.push_back(static_cast<const float*>(TF_TensorData(tensor)));
  }
  return true;
}

/** Adds up what the parts have summed, always in the same order. */
void addParts(const Program& program, const Tensors& tensors, const std::vector<float>& partials, int64_t parts) {
  for (const Instruction& instruction : program.instructions) {
    if (instruction.op != kColumnSum && instruction.op != kTotal) continue;
    // For these, `b` is the output that takes the sum.
    float* out = tensors.outputs[program.values[instruction.b].at];
    const int64_t width = instruction.op == kTotal ? 1 : program.columns;
    const float* from = partials.data() + program.values[instruction.out].at;
    std::memcpy(out, from, width * sizeof(float));
    for (int64_t part = 1; part < parts; part++) {
      for (int64_t i = 0; i < width; i++) out[i] += from[part * program.partials + i];
    }
  }
}

void compute(void* data, TF_OpKernelContext* context) {
  const auto& kernel = *static_cast<Kernel*>(data);
  const Program& program = kernel.program;
  Status status;
  Tensors tensors;
  if (!take(kernel, context, tensors, status)) {
    TF_OpKernelContext_Failure(context, status);
    return;
  }
  const Buffers buffers{tensors.inputs.data(), tensors.outputs.data()};
  const int64_t blocks = (program.rows + program.block - 1) / program.block;
  const int64_t parts = std::min(blocks, maxParts);
  std::vector<float> partials(parts * program.partials, 0.0f);
  const auto runPart = [&](int64_t part) {
    // Kept from one run to the next, since fresh memory has to be mapped.
    static thread_local std::vector<float> scratch;
    if (static_cast<int64_t>(scratch.size()) < program.scratch) scratch.resize(program.scratch);
    for (int64_t block = blocks * part / parts; block < blocks * (part + 1) / parts; block++) {
      const int64_t first = block * program.block;
      kernel.runBlock(program, buffers, first, std::min(program.block, program.rows - first), scratch.data(), partials.data() + part * program.partials);
    }
  };
  const int64_t work = program.rows * program.columns * static_cast<int64_t>(program.instructions.size());
  if (work < parallelWork) {
    for (int64_t part = 0; part < parts; part++) runPart(part);
  } else {
    Pool::shared().run(parts, runPart);
  }
  addParts(program, tensors, partials, parts);
}

void destroy(void* kernel) { delete static_cast<Kernel*>(kernel); }

/** The outputs' shapes stand in an attribute that shape functions cannot read through the C API; TensorFlow does without. */
void unknownShape(TF_ShapeInferenceContext* context, TF_Status* status) { TF_ShapeInferenceContextSetUnknownShape(context, status); }

const char* registerRows() {
  Status status;
  TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder("TemperRows");
  for (const char* attribute : {"Tin: list(type)", "N: int >= 1", "level: int", "sizes: list(int)", "values: list(int)", "code: list(int)", "shapes: list(int)", "forwards: list(int)", "constants: list(float)"}) {
    TF_OpDefinitionBuilderAddAttr(op, attribute);
  }
  TF_OpDefinitionBuilderAddInput(op, "inputs: Tin");
  TF_OpDefinitionBuilderAddOutput(op, "outputs: N * float");
  TF_OpDefinitionBuilderSetShapeInferenceFunction(op, unknownShape);
  TF_RegisterOpDefinition(op, status);
  if (!status.ok()) return "the operation cannot be registered";
  TF_KernelBuilder* kernel = TF_NewKernelBuilder("TemperRows", "CPU", create, compute, destroy);
  TF_RegisterKernelBuilder("TemperRows", kernel, status);
  return status.ok() ? nullptr : "the kernel cannot be registered";
}

#if defined(__linux__)
// absl's SetMinLogLevel, as TensorFlow 2.20 exports it; null in another version.
extern "C" void setLogLevel(int) __asm__("_ZN4absl12lts_2025012714SetMinLogLevelENS0_18LogSeverityAtLeastE") __attribute__((weak));

/** TensorFlow itself keeps to TF_CPP_MIN_LOG_LEVEL only in part: the first graph would bring a line about MLIR on every terminal. */
void keepToLogLevel() {
  const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  if (level != nullptr && setLogLevel != nullptr) setLogLevel(std::atoi(level));
}
#else
void keepToLogLevel() {}
#endif

}  // namespace
}  // namespace temper

// Node-API's entry: exports the level of the processor, and files in TensorFlow's file systems.
extern "C" __attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  temper::keepToLogLevel();
  static const char* problem = temper::registerRows();
  if (problem != nullptr) {
    napi_throw_error(env, nullptr, problem);
    return nullptr;
  }
  napi_value level;
  napi_create_int32(env, temper::supported(), &level);
  napi_set_named_property(env, exports, "level", level);
  temper::exportFiles(env, exports);
  return exports;
}
