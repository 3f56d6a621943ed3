// A few threads of our own: TensorFlow's are not to be had through its C API.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace temper {

class Pool {
 public:
  /** One for the process; its threads sleep between jobs and end with the process. */
  static Pool& shared() {
    static Pool* pool = new Pool();
    return *pool;
  }

  /** Calls `work` once for each of 0 … parts − 1, on all threads unless another kernel has them at the moment. */
  void run(int64_t parts, const std::function<void(int64_t)>& work) {
    std::unique_lock<std::mutex> mine(busy_, std::try_to_lock);
    if (threads_ == 0 || parts < 2 || !mine.owns_lock()) {
      for (int64_t part = 0; part < parts; part++) work(part);
      return;
    }
    {
      std::lock_guard<std::mutex> lock(mutex_);
      work_ = &work;
      parts_ = parts;
      next_ = 0;
      open_ = true;
    }
    wake_.notify_all();
    take(work, parts);
    {
      // A thread that has not woken up by now is not waited for.
      std::lock_guard<std::mutex> lock(mutex_);
      open_ = false;
    }
    if (spin([this] { return working_ == 0; })) return;
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [this] { return working_ == 0; });
  }

 private:
  static constexpr int spins = 2000;

  Pool() : threads_(static_cast<int>(std::thread::hardware_concurrency()) - 1) {
    if (threads_ < 0) threads_ = 0;
    for (int i = 0; i < threads_; i++) std::thread([this] { serve(); }).detach();
  }

  void take(const std::function<void(int64_t)>& work, int64_t parts) {
    for (int64_t part = next_++; part < parts; part = next_++) work(part);
  }

  /** Waits for a short while without sleeping, since waking up takes longer than many kernels run. */
  template <class F>
  static bool spin(F isReady) {
    for (int i = 0; i < spins; i++) {
      if (isReady()) return true;
#if defined(__x86_64__)
      __builtin_ia32_pause();
#endif
    }
    return false;
  }

  void serve() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return open_ && next_ < parts_; });
      const std::function<void(int64_t)>* work = work_;
      const int64_t parts = parts_;
      working_++;
      lock.unlock();
      take(*work, parts);
      lock.lock();
      if (--working_ == 0) done_.notify_all();
      lock.unlock();
      spin([this] { return open_.load(); });
      lock.lock();
    }
  }

  std::mutex busy_, mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(int64_t)>* work_ = nullptr;
  std::atomic<int64_t> next_{0};
  int64_t parts_ = 0;
  std::atomic<int> working_{0};
  std::atomic<bool> open_{false};
  int threads_;
};

}  // namespace temper
