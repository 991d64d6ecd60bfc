// A compiler for tests of the runtime: one kernel per node, for a handful of float32 ops, whose machine code jumps to
// functions of the test. Its vjp knows addition and multiplication. It counts its calls.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/cache/Compiler.h"
#include "runtime/format/Program.h"
#include "runtime/format/Trace.h"
#include "runtime/record/Recorder.h"

#include <atomic>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

namespace fake {

using namespace mlxir;

inline std::atomic<int> compiles{0}, transforms{0}, delayMs{0};
inline std::atomic<bool> slowKernels{false}, badProgram{false};

inline float *floats(uint64_t word) { return reinterpret_cast<float *>(word); }

template <float (*F)(float, float)> void binary(const uint64_t *args, int64_t begin, int64_t end, void *) {
  for (int64_t i = begin; i < end; ++i)
    floats(args[2])[i] = F(floats(args[0])[i], floats(args[1])[i]);
  if (slowKernels)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}
inline float plus(float a, float b) { return a + b; }
inline float times(float a, float b) { return a * b; }
inline float minus(float a, float b) { return a - b; }
inline void splat(const uint64_t *args, int64_t begin, int64_t end, void *) {
  for (int64_t i = begin; i < end; ++i)
    floats(args[1])[i] = *floats(args[0]);
}
inline void store(const uint64_t *args, int64_t, int64_t, void *) {
  auto bits = static_cast<uint32_t>(args[0]);
  std::memcpy(floats(args[1]), &bits, 4);
}
inline void total(const uint64_t *args, int64_t, int64_t, void *scratch) {
  auto *partial = static_cast<double *>(scratch);
  *partial = 0;
  for (uint64_t i = 0; i < args[2]; ++i)
    *partial += floats(args[0])[i];
  *floats(args[1]) = static_cast<float>(*partial);
}

/// movabs rax, address; jmp rax
inline uint64_t emitJump(std::vector<uint8_t> &code, CpuKernel target) {
  uint64_t at = code.size();
  auto address = reinterpret_cast<uint64_t>(target);
  code.insert(code.end(), {0x48, 0xb8});
  for (int i = 0; i < 8; ++i)
    code.push_back(static_cast<uint8_t>(address >> (8 * i)));
  code.insert(code.end(), {0xff, 0xe0, 0xcc, 0xcc, 0xcc, 0xcc});
  return at;
}

class Builder {
public:
  explicit Builder(const Trace &trace) : trace(trace) {
    p.target = "fake";
    p.buildId = "fake-1";
    p.sizes = trace.sizes;
    p.numSymbols = trace.numSymbols;
    p.guards = trace.guards;
  }

  bool build(std::string &error) {
    addInputs();
    std::vector<ValueId> ids; // first value of each node
    for (const TraceNode &node : trace.nodes) {
      values.push_back(newBuffer(node.types[0]));
      if (!lower(node, values.back())) {
        error = std::string("no kernel for ") + opTable()[node.op].name;
        return false;
      }
    }
    addOutputs();
    Command end;
    end.kind = CommandKind::Return;
    p.commands.push_back(end);
    addDonations();
    p.codeReadOnly = p.code.size();
    while (p.code.size() % 4096)
      p.code.push_back(0xcc);
    p.codeReadOnly = p.code.size();
    return true;
  }

  Program p;

private:
  Size count(const TensorType &type) { return p.sizes.product(type.dims.data(), type.dims.data() + type.dims.size()); }
  Size bytes(const TensorType &type) { return p.sizes.mul(count(type), Size::constant(int64_t(itemSize(type.dtype)))); }

  uint32_t newBuffer(const TensorType &type, BufferKind kind = BufferKind::Temporary, uint32_t index = 0) {
    p.buffers.push_back({kind, index, bytes(type)});
    return static_cast<uint32_t>(p.buffers.size() - 1);
  }

  static CommandArg buffer(uint32_t index, bool written = false) { return {ArgKind::Buffer, index, Size(), written}; }

  void launch(CpuKernel kernel, std::vector<CommandArg> args, Size grid, int64_t grain = 64) {
    Command c;
    c.kind = CommandKind::Launch;
    c.callee = static_cast<uint32_t>(p.kernels.size());
    c.args = std::move(args);
    c.grid = grid;
    c.grain = Size::constant(grain);
    c.scratch = Size::constant(64);
    p.kernels.push_back({"k" + std::to_string(p.kernels.size()), emitJump(p.code, kernel)});
    p.commands.push_back(std::move(c));
  }

  void addInputs() {
    for (uint32_t i = 0; i < trace.inputs.size(); ++i) {
      const TraceInput &in = trace.inputs[i];
      bool isLiteral = in.kind == InputKind::Literal;
      p.inputs.push_back({isLiteral, in.type.dtype, in.type.dims});
      values.push_back(newBuffer(in.type, isLiteral ? BufferKind::Temporary : BufferKind::Input, i));
      if (isLiteral)
        launch(store, {{ArgKind::Literal, i, Size(), false}, buffer(values.back(), true)}, Size::constant(1));
    }
  }

  bool lower(const TraceNode &node, uint32_t out) {
    auto op = static_cast<Op>(node.op);
    Size n = count(node.types[0]);
    auto operand = [&](size_t i) { return buffer(values[node.operands[i]]); };
    if (op == Op::Add || op == Op::Multiply || op == Op::Subtract) {
      CpuKernel kernel = op == Op::Add ? binary<plus> : op == Op::Multiply ? binary<times> : binary<minus>;
      launch(kernel, {operand(0), operand(1), buffer(out, true)}, n);
    } else if (op == Op::Broadcast && trace.typeOf(node.operands[0]).dims.empty()) {
      launch(splat, {operand(0), buffer(out, true)}, n);
    } else if (op == Op::Constant) {
      launch(store, {{ArgKind::Size, 0, Size::constant(node.attrs[0]), false}, buffer(out, true)}, Size::constant(1));
    } else if (op == Op::Sum && node.types[0].dims.empty()) {
      Size from = count(trace.typeOf(node.operands[0]));
      launch(total, {operand(0), buffer(out, true), {ArgKind::Size, 0, from, false}}, Size::constant(1));
    } else {
      return false;
    }
    return true;
  }

  void addOutputs() {
    for (uint32_t i = 0; i < trace.outputs.size(); ++i) {
      const TensorType &type = trace.typeOf(trace.outputs[i]);
      uint32_t at = values[trace.outputs[i]];
      if (p.buffers[at].kind == BufferKind::Temporary) {
        p.buffers[at].kind = BufferKind::Output;
        p.buffers[at].index = i;
      }
      p.outputs.push_back({type.dtype, type.dims, at});
    }
  }

  /// An elementwise output may take over an operand that nothing reads afterwards.
  void addDonations() {
    for (size_t c = 0; c < p.commands.size(); ++c) {
      const Command &command = p.commands[c];
      if (command.args.size() != 3 || !command.args[2].written)
        continue;
      const ProgramBuffer &out = p.buffers[command.args[2].index];
      for (int i = 0; i < 2 && out.kind == BufferKind::Output; ++i) {
        const ProgramBuffer &in = p.buffers[command.args[size_t(i)].index];
        bool usedLater = false;
        for (size_t later = c + 1; later < p.commands.size(); ++later)
          for (const CommandArg &arg : p.commands[later].args)
            usedLater |= arg.kind == ArgKind::Buffer && arg.index == command.args[size_t(i)].index;
        for (const ProgramOutput &o : p.outputs)
          usedLater |= o.buffer == command.args[size_t(i)].index;
        if (in.kind == BufferKind::Input && !usedLater && in.bytes == out.bytes)
          p.donations.push_back({out.index, in.index});
      }
    }
  }

  const Trace &trace;
  std::vector<uint32_t> values; // buffer of each value
};

inline mlxir_status fail(const mlxir_host *host, const std::string &text) {
  host->sink(host->context, "error", text.data(), text.size());
  return MLXIR_ERROR_UNSUPPORTED;
}

/// Waits as a slow compiler would; true if it was asked to stop.
inline bool interruptedWhileSlow(const mlxir_host *host) {
  for (int waited = 0, delay = delayMs; waited < delay; waited += 5) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (host->interrupted(host->context))
      return true;
  }
  return false;
}

inline mlxir_status compile(const mlxir_host *host, const char *, const void *data, size_t size) {
  ++compiles;
  std::string error;
  std::unique_ptr<Trace> trace = readTrace(static_cast<const uint8_t *>(data), size, error);
  if (!trace)
    return fail(host, error);
  if (interruptedWhileSlow(host))
    return MLXIR_ERROR_INTERRUPTED;
  Builder builder(*trace);
  if (!builder.build(error))
    return fail(host, error);
  std::vector<uint8_t> flat;
  writeProgram(builder.p, flat);
  if (badProgram)
    flat[flat.size() / 2] ^= 1;
  host->sink(host->context, "program", flat.data(), flat.size());
  return MLXIR_OK;
}

/// Reverse mode of sums of products: gradients of every input, for one output.
class Reverse {
public:
  explicit Reverse(const Trace &from) : from(from), gradient(from.inputs.size() + from.nodes.size(), kNone) {}

  std::unique_ptr<Trace> run() {
    auto to = std::make_unique<Trace>();
    to->sizes = from.sizes;
    to->numSymbols = from.numSymbols;
    to->sample = from.sample;
    to->locations = from.locations;
    // All values are residuals, then comes the cotangent.
    for (ValueId v = 0; v < gradient.size(); ++v)
      to->inputs.push_back({InputKind::Array, from.typeOf(v), v});
    to->inputs.push_back({InputKind::Array, from.typeOf(from.outputs[0]), TraceInput::kNotResidual});
    base = static_cast<ValueId>(to->inputs.size());
    out = to.get();
    gradient[from.outputs[0]] = base - 1;
    for (size_t i = from.nodes.size(); i-- > 0;)
      visit(from.nodes[i], static_cast<ValueId>(from.inputs.size() + i));
    for (ValueId v = 0; v < from.inputs.size(); ++v)
      if (from.inputs[v].kind == InputKind::Array)
        to->outputs.push_back(gradient[v]);
    return to;
  }

private:
  static constexpr ValueId kNone = 0xffffffff;

  ValueId emit(Op op, ValueId a, ValueId b, const TensorType &type) {
    TraceNode node;
    node.op = static_cast<uint16_t>(op);
    node.operands = {a, b};
    node.types = {type};
    out->nodes.push_back(std::move(node));
    return base + static_cast<ValueId>(out->nodes.size() - 1);
  }
  void add(ValueId to, ValueId g) {
    gradient[to] = gradient[to] == kNone ? g : emit(Op::Add, gradient[to], g, from.typeOf(to));
  }
  void visit(const TraceNode &node, ValueId id) {
    if (gradient[id] == kNone)
      return;
    ValueId a = node.operands[0], b = node.operands[1];
    if (static_cast<Op>(node.op) == Op::Add) {
      add(a, gradient[id]);
      add(b, gradient[id]);
    } else {
      ValueId g = gradient[id];
      add(a, emit(Op::Multiply, g, b, node.types[0]));
      add(b, emit(Op::Multiply, g, a, node.types[0]));
    }
  }

  const Trace &from;
  Trace *out = nullptr;
  ValueId base = 0;
  std::vector<ValueId> gradient;
};

inline mlxir_status transform(const mlxir_host *host, const char *name, const char *, const void *data, size_t size) {
  ++transforms;
  std::string error;
  std::unique_ptr<Trace> trace = readTrace(static_cast<const uint8_t *>(data), size, error);
  if (!trace || std::strcmp(name, "vjp") != 0)
    return fail(host, trace ? "only vjp" : error);
  std::unique_ptr<Trace> result = Reverse(*trace).run();
  std::vector<uint8_t> flat;
  writeTrace(*result, flat);
  host->sink(host->context, "trace", flat.data(), flat.size());
  return MLXIR_OK;
}

inline void install() {
  static const CompilerEntryPoints calls = {transform, compile};
  setCompilerForTests(&calls, "fake-1");
}

} // namespace fake
