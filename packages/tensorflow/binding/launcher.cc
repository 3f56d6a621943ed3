// Loads tfjs-node's add-on with oneDNN turned on. TensorFlow reads TF_ENABLE_ONEDNN_OPTS while its library is loaded, and
// turns oneDNN on by itself for processors with AVX512_VNNI or newer alone. Set here, the variable reaches the library
// in worker threads, whose process.env is a copy, and in programs that import tfjs-node before anything of Temper.
#include <dlfcn.h>
#include <node_api.h>

#include <climits>
#include <cstdlib>
#include <string>

namespace {

constexpr const char* variable = "TF_ENABLE_ONEDNN_OPTS";

/** Path of tfjs-node's add-on, which is given relative to this file. */
std::string bindingPath() {
  Dl_info here;
  char real[PATH_MAX];
  if (dladdr(&variable, &here) == 0 || realpath(here.dli_fname, real) == nullptr) return TEMPER_BINDING;
  const std::string self = real;
  return self.substr(0, self.rfind('/') + 1) + TEMPER_BINDING;
}

/** Whether the library has turned oneDNN on; null where its version does not say. */
napi_value oneDnn(napi_env env, void* binding) {
  napi_value value;
  napi_get_null(env, &value);
  // tensorflow::IsMKLEnabled()
  const auto isEnabled = reinterpret_cast<bool (*)()>(dlsym(binding, "_ZN10tensorflow12IsMKLEnabledEv"));
  if (isEnabled != nullptr) napi_get_boolean(env, isEnabled(), &value);
  return value;
}

}  // namespace

NAPI_MODULE_INIT() {
  const char* given = std::getenv(variable);
  if (given == nullptr || *given == '\0') setenv(variable, "1", 1);
  void* binding = dlopen(bindingPath().c_str(), RTLD_LAZY);
  using Initialize = napi_value (*)(napi_env, napi_value);
  const auto initialize = binding == nullptr ? nullptr : reinterpret_cast<Initialize>(dlsym(binding, "napi_register_module_v1"));
  if (initialize == nullptr) {
    const char* problem = dlerror();
    napi_throw_error(env, nullptr, problem == nullptr ? "tfjs-node's add-on does not load" : problem);
    return nullptr;
  }
  napi_value made = initialize(env, exports);
  if (made != nullptr) napi_set_named_property(env, made, "temperOneDnn", oneDnn(env, binding));
  return made;
}
