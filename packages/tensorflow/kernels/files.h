// Files in TensorFlow's own file systems, for Node: a graph is given to TensorFlow as a file in memory (ram://…), since tfjs-node's
// binding loads graphs by path only.
#pragma once

#include "tensorflow/c/env.h"

#include <node_api.h>

#include <string>

namespace temper {

inline std::string text(napi_env env, napi_value value) {
  size_t length = 0;
  napi_get_value_string_utf8(env, value, nullptr, 0, &length);
  std::string read(length, '\0');
  napi_get_value_string_utf8(env, value, &read[0], length + 1, &length);
  return read;
}

/** Throws where TensorFlow reports an error. */
inline void check(napi_env env, TF_Status* status) {
  if (TF_GetCode(status) != TF_OK) napi_throw_error(env, nullptr, TF_Message(status));
  TF_DeleteStatus(status);
}

/** writeFile(path, bytes) */
inline napi_value writeFile(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value given[2];
  napi_get_cb_info(env, info, &count, given, nullptr, nullptr);
  void* data = nullptr;
  size_t length = 0;
  if (count < 2 || napi_get_typedarray_info(env, given[1], nullptr, &length, &data, nullptr, nullptr) != napi_ok) {
    napi_throw_type_error(env, nullptr, "writeFile takes a path and bytes");
    return nullptr;
  }
  TF_Status* status = TF_NewStatus();
  TF_WritableFileHandle* file = nullptr;
  TF_NewWritableFile(text(env, given[0]).c_str(), &file, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_Status* closed = TF_NewStatus();
    TF_AppendWritableFile(file, static_cast<const char*>(data), length, status);
    TF_CloseWritableFile(file, TF_GetCode(status) == TF_OK ? status : closed);
    TF_DeleteStatus(closed);
  }
  check(env, status);
  return nullptr;
}

/** deleteFile(path) */
inline napi_value deleteFile(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value path;
  napi_get_cb_info(env, info, &count, &path, nullptr, nullptr);
  TF_Status* status = TF_NewStatus();
  TF_DeleteFile(text(env, path).c_str(), status);
  check(env, status);
  return nullptr;
}

inline void exportFiles(napi_env env, napi_value exports) {
  napi_value call;
  napi_create_function(env, "writeFile", NAPI_AUTO_LENGTH, writeFile, nullptr, &call);
  napi_set_named_property(env, exports, "writeFile", call);
  napi_create_function(env, "deleteFile", NAPI_AUTO_LENGTH, deleteFile, nullptr, &call);
  napi_set_named_property(env, exports, "deleteFile", call);
}

}  // namespace temper
