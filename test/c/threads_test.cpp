// Threads, fork and Ctrl-C: any thread evaluates anything, a child computes, an interrupt is answered in time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/devices/Device.h"
#include "runtime/eval/Eval.h"
#include "runtime/eval/Function.h"
#include "runtime/record/Scope.h"
#include "runtime/support/Error.h"
#include "runtime/support/Fault.h"
#include "runtime/support/Interrupt.h"
#include "test/c/Check.h"
#include "test/c/FakeCompiler.h"

#include <csignal>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlxir;
using Clock = std::chrono::steady_clock;

static Value filled(int64_t n, float value) {
  BufferRef buffer = Buffer::allocate(static_cast<size_t>(n) * 4);
  for (int64_t i = 0; i < n; ++i)
    static_cast<float *>(buffer->data())[i] = value;
  return makeBufferLeaf(buffer, DType::Float32, {n});
}
static float first(const Value &v) { return *static_cast<float *>(materialize(v)->data()); }
static Value add(const Value &a, const Value &b) { return apply(Op::Add, {a, b}); }
static Value sum(const Value &a) { return record(Op::Sum, {a}, Attrs().integers({0})); }

static double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Threads that share one graph, and rewrite one array.
static void testSharedGraph() {
  for (int round = 0; round < 30; ++round) {
    Value x = filled(3000, 1), y = x;
    for (int i = 0; i < 20; ++i)
      y = add(apply(Op::Multiply, {y, Scalar::of(1.0)}), x);
    ArrayRef shared = Array::make(sum(y));
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int t = 0; t < 6; ++t)
      threads.emplace_back([&, t] {
        Value mine = add(shared->get(), sum(filled(100 + t, 1)));
        wrong += first(mine) != 63000 + static_cast<float>(100 + t);
        wrong += first(shared->get()) != 63000;
        for (int i = 0; i < 50; ++i)
          shared->set(shared->get());
      });
    for (std::thread &t : threads)
      t.join();
    CHECK(wrong == 0);
  }
}

/// A state that several threads step: no step is lost.
static void testSharedFunction() {
  ArrayRef state = Array::make(filled(2000, 0));
  FunctionRef step;
  {
    Scope scope(ScopeKind::Jit, "step");
    assign(*state, apply(Op::Add, {use(*state), Scalar::of(1.0)}));
    step = Function::capture(scope, {}, {});
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i)
        step->call({});
    });
  for (int i = 0; i < 50; ++i) {
    float seen = first(state->get());
    CHECK(seen >= 0 && seen <= 400);
  }
  for (std::thread &t : threads)
    t.join();
  CHECK(first(state->get()) == 400);
}

static void testSameResultsOnAnyThreads() {
  float results[3];
  int i = 0;
  for (unsigned threads : {1u, 2u, 5u}) {
    setNumThreads(threads);
    results[i++] = first(sum(add(filled(100000, 0.1f), filled(100000, 0.7f))));
  }
  CHECK(results[0] == results[1] && results[1] == results[2]);
  setFaults("thread:1+"); // no threads to be had
  setNumThreads(8);
  CHECK(first(sum(add(filled(100000, 0.1f), filled(100000, 0.7f)))) == results[0]);
  setFaults(nullptr);
}

static void testAsync() {
  std::vector<Value> values;
  for (int i = 0; i < 20; ++i) {
    values.push_back(add(filled(1000, 1), filled(1000, static_cast<float>(i))));
    evaluateAsync({values.back()});
  }
  CHECK(first(values[7]) == 8);
  synchronize();
  for (int i = 0; i < 20; ++i)
    CHECK(values[static_cast<size_t>(i)].isEvaluated() &&
          first(values[static_cast<size_t>(i)]) == static_cast<float>(i + 1));
}

static std::atomic<bool> stopNow{false};

static bool raisesInterrupted(const std::vector<Value> &values) {
  try {
    evaluate(values);
  } catch (const Error &e) {
    return e.kind() == ErrorKind::Interrupted;
  }
  return false;
}

static void testInterrupts() {
  setInterruptPoll([] { return stopNow.load(); });
  // A compilation that would take ten seconds.
  fake::delayMs = 10000;
  Value v = add(add(filled(11, 1), filled(11, 2)), apply(Op::Multiply, {filled(11, 3), Scalar::of(7.0)}));
  std::thread user([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stopNow = true;
  });
  Clock::time_point start = Clock::now();
  CHECK(raisesInterrupted({v}) && secondsSince(start) < 0.35);
  user.join();
  stopNow = false;
  fake::delayMs = 0;
  CHECK(first(v) == 24);

  // A long kernel: many chunks of 20 ms.
  fake::slowKernels = true;
  Value x = filled(100000, 1), slow = add(x, x);
  std::thread impatient([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stopNow = true;
  });
  start = Clock::now();
  CHECK(raisesInterrupted({slow}) && secondsSince(start) < 0.35);
  impatient.join();
  stopNow = false;
  fake::slowKernels = false;
  CHECK(first(slow) == 2);
  setInterruptPoll(nullptr);
}

/// A chain of slow sums that begins with one in the memory of its first operand.
static Value slowChain(const Value &start) {
  Value v = start;
  for (int i = 0; i < 8; ++i)
    v = add(v, start);
  return v;
}

/// Calls `work` with an interrupt under way. Returns how long that took to be answered.
template <typename Work> static double interrupting(Work work) {
  Clock::time_point sent;
  std::thread user([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    sent = Clock::now();
    stopNow = true;
  });
  work();
  user.join();
  stopNow = false;
  return secondsSince(sent);
}

/// What has begun to write into its operands is finished by another thread, and whoever wants it waits.
static void testInterruptsOfUpdates() {
  setInterruptPoll([] { return stopNow.load(); });
  setNumThreads(8);
  fake::slowKernels = true;

  Value y = add(filled(1100, 1), filled(1100, 2)), z = slowChain(y);
  CHECK(interrupting([&] { CHECK(raisesInterrupted({y, z}) && !z.isEvaluated()); }) < 0.35);
  CHECK(first(z) == 27 && first(y) == 3);

  ArrayRef state = Array::make(filled(1100, 0));
  FunctionRef step;
  {
    Scope scope(ScopeKind::Jit, "step");
    Value next = apply(Op::Add, {use(*state), Scalar::of(1.0)});
    assign(*state, next);
    step = Function::capture(scope, {}, {slowChain(next)});
  }
  std::vector<Value> results;
  bool interrupted = false;
  CHECK(interrupting([&] {
          results = step->call({}, {}, {}, &interrupted);
          CHECK(interrupted && !results[0].isEvaluated());
        }) < 0.35);
  pid_t child = fork(); // finds it finished
  if (child == 0)
    _exit(first(state->get()) == 1 && first(results[0]) == 9 ? 0 : 1);
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  CHECK(first(state->get()) == 1 && first(results[0]) == 9);

  setFaults("thread:1+"); // no thread to be had: it is finished here
  interrupted = false;
  interrupting([&] { results = step->call({}, {}, {}, &interrupted); });
  CHECK(interrupted && results[0].isEvaluated() && first(results[0]) == 18 && first(state->get()) == 2);
  setFaults(nullptr);

  fake::slowKernels = false;
  setInterruptPoll(nullptr);
}

static bool childComputes() {
  pid_t child = fork();
  if (child == 0) {
    alarm(5);
    // A structure that the parent knows, and one that needs the compiler.
    bool right = first(sum(add(filled(50000, 1), filled(50000, 1)))) == 100000;
    Value fresh = filled(5, 1);
    for (int i = 0; i < getpid() % 7 + 3; ++i)
      fresh = add(fresh, filled(5, 1));
    right &= first(fresh) == static_cast<float>(getpid() % 7 + 4);
    evaluateAsync({add(fresh, fresh)});
    synchronize();
    _exit(right ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void testFork() {
  setNumThreads(4);
  CHECK(childComputes());
  std::atomic<bool> stop{false};
  std::vector<std::thread> busy;
  for (int t = 0; t < 3; ++t)
    busy.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) {
        Value v = filled(2000 + t, 1);
        for (int j = 0; j < i % 5 + 1; ++j)
          v = add(v, v);
        first(sum(v));
        if (i % 10 == 0)
          evaluateAsync({add(v, v)});
      }
    });
  int failed = 0;
  for (int i = 0; i < 40; ++i)
    failed += !childComputes();
  CHECK(failed == 0);
  stop = true;
  for (std::thread &t : busy)
    t.join();
  CHECK(childComputes());
}

/// A process that ends while its threads compute, and while a compilation goes on that was given up.
static int exitUnderLoad(const char *microseconds) {
  fake::delayMs = 10000; // read once by the call
  evaluateAsync({add(filled(11, 1), apply(Op::Multiply, {filled(11, 3), Scalar::of(7.0)}))});
  usleep(1000);
  fake::delayMs = 0;
  for (int t = 0; t < 3; ++t)
    std::thread([] {
      for (;;) {
        Value v = filled(20000, 1);
        first(sum(add(v, v)));
      }
    }).detach();
  usleep(static_cast<useconds_t>(std::strtoul(microseconds, nullptr, 10)));
  return 0;
}

/// Its exit status is 0: nothing is torn down under the threads' feet.
static void testExitUnderLoad() {
  Clock::time_point start = Clock::now();
  for (int i = 0; i < 20; ++i) {
    std::string delay = std::to_string(2000 + i * 300);
    pid_t child = fork();
    if (child == 0) {
      execl("/proc/self/exe", "threads_test", delay.c_str(), nullptr);
      _exit(2);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  CHECK(secondsSince(start) < 60); // not twenty times ten
}

int main(int argc, char **argv) {
  setenv("MLXIR_CACHE", "off", 1);
  fake::install();
  if (argc > 1)
    return exitUnderLoad(argv[1]);
  CHECK(childComputes()); // before first use
  testSharedGraph();
  testSharedFunction();
  testSameResultsOnAnyThreads();
  testAsync();
  testInterrupts();
  testInterruptsOfUpdates();
  testFork();
  testExitUnderLoad();
  return check::finish();
}
