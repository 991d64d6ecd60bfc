// Writes a Program flat and reads one back. Whoever runs it relies on what is checked here once: every index, that no
// command writes an input, that control never leaves the schedule, that kernels start inside executable code.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/format/Program.h"

#include "runtime/format/Container.h"
#include "runtime/format/SizeForm.h"

namespace mlxir {
namespace {

constexpr FormId kForm = {kProgramMagic, kProgramVersion, 0};

void writeDims(Writer &writer, DType dtype, const std::vector<Size> &dims) { writeType(writer, {dtype, dims}); }

void writeCommand(Writer &writer, const Command &command) {
  writer.enumerator(command.kind);
  writer.u32(command.callee);
  writer.u32(command.target);
  writer.i64(command.grid.bits);
  writer.i64(command.grain.bits);
  writer.i64(command.scratch.bits);
  writer.count(command.args.size());
  for (const CommandArg &arg : command.args) {
    writer.enumerator(arg.kind);
    writer.u32(arg.index);
    writer.i64(arg.size.bits);
    writer.u8(arg.written);
  }
  writer.u32(command.location);
}

void writeCheck(Writer &writer, const ProgramCheck &check) {
  writer.enumerator(check.kind);
  writer.string(check.function);
  writer.u32(check.location);
  writeDims(writer, check.dtype, check.dims);
  writer.u32(check.axis);
  writer.i64(check.extent.bits);
}

void writeValues(Writer &writer, const Program &program) {
  writer.count(program.inputs.size());
  for (const ProgramInput &input : program.inputs) {
    writer.u8(input.isLiteral);
    writeDims(writer, input.dtype, input.dims);
  }
  writer.count(program.outputs.size());
  for (const ProgramOutput &output : program.outputs) {
    writeDims(writer, output.dtype, output.dims);
    writer.u32(output.buffer);
  }
  writer.count(program.checks.size());
  for (const ProgramCheck &check : program.checks)
    writeCheck(writer, check);
  writer.count(program.buffers.size());
  for (const ProgramBuffer &buffer : program.buffers) {
    writer.enumerator(buffer.kind);
    writer.u32(buffer.index);
    writer.i64(buffer.bytes.bits);
  }
}

class ProgramReader {
public:
  ProgramReader(Reader &reader, Program &program) : reader(reader), program(program) {}

  void read() {
    program.target = reader.string();
    program.buildId = reader.string();
    program.numSymbols = reader.u32();
    program.sizes = readSizes(reader, program.numSymbols);
    numExprs = program.sizes.nodes().size();
    program.guards = readGuards(reader, numExprs);
    readValues();
    for (uint32_t n = reader.count(12); n && reader.ok(); --n) {
      std::string name = reader.string();
      program.kernels.push_back({std::move(name), reader.u64()});
    }
    for (uint32_t n = reader.count(kCommandBytes); n && reader.ok(); --n)
      readCommand();
    for (uint32_t n = reader.count(8); n && reader.ok(); --n) {
      uint32_t output = reader.u32();
      program.donations.push_back({output, reader.u32()});
    }
    program.codeReadOnly = reader.u64();
    program.code = reader.blob(reader.u64());
    if (reader.ok())
      check();
  }

private:
  static constexpr size_t kCheckBytes = 23, kTypeBytes = 2, kCommandBytes = 41, kArgBytes = 14;
  static constexpr uint64_t kPage = 4096;

  void readValues() {
    for (uint32_t n = reader.count(1 + kTypeBytes); n && reader.ok(); --n) {
      bool isLiteral = reader.boolean();
      TensorType type = readType(reader, numExprs);
      reader.require(!isLiteral || type.dims.empty(), "literal with dims");
      program.inputs.push_back({isLiteral, type.dtype, std::move(type.dims)});
    }
    for (uint32_t n = reader.count(4 + kTypeBytes); n && reader.ok(); --n) {
      TensorType type = readType(reader, numExprs);
      program.outputs.push_back({type.dtype, std::move(type.dims), reader.u32()});
    }
    for (uint32_t n = reader.count(kCheckBytes); n && reader.ok(); --n)
      readCheck();
    for (uint32_t n = reader.count(13); n && reader.ok(); --n) {
      BufferKind kind = reader.enumerator(BufferKind::Temporary);
      uint32_t index = reader.u32();
      program.buffers.push_back({kind, index, readExtent(reader, numExprs)});
    }
  }

  void readCheck() {
    ProgramCheck check;
    check.kind = reader.enumerator(ProgramCheck::Bounds);
    check.function = reader.string();
    check.location = reader.u32();
    TensorType type = readType(reader, numExprs);
    check.dtype = type.dtype;
    check.dims = std::move(type.dims);
    check.axis = reader.u32();
    check.extent = readExtent(reader, numExprs);
    program.checks.push_back(std::move(check));
  }

  void readCommand() {
    Command command;
    command.kind = reader.enumerator(CommandKind::Return);
    command.callee = reader.u32();
    command.target = reader.u32();
    command.grid = readExtent(reader, numExprs);
    command.grain = readExtent(reader, numExprs);
    command.scratch = readExtent(reader, numExprs);
    for (uint32_t n = reader.count(kArgBytes); n && reader.ok(); --n) {
      CommandArg arg;
      arg.kind = reader.enumerator(ArgKind::Literal);
      arg.index = reader.u32();
      arg.size = readSize(reader, numExprs);
      arg.written = reader.boolean();
      command.args.push_back(arg);
    }
    command.location = reader.u32();
    program.commands.push_back(std::move(command));
  }

  void check() {
    for (const ProgramOutput &output : program.outputs)
      checkOutput(output);
    checkChecks();
    for (size_t i = 0; i < program.buffers.size(); ++i)
      checkBuffer(static_cast<uint32_t>(i));
    for (const Donation &donation : program.donations)
      reader.require(donation.output < program.outputs.size() && isArray(donation.input), "donation of no array");
    reader.require(program.codeReadOnly <= program.code.size() && program.codeReadOnly % kPage == 0,
                   "constants not on a page of the code");
    for (const Kernel &kernel : program.kernels)
      reader.require(kernel.entry < program.codeReadOnly, "kernel outside the code");
    for (const Command &command : program.commands)
      checkCommand(command);
    bool ends = !program.commands.empty() && (program.commands.back().kind == CommandKind::Return ||
                                              program.commands.back().kind == CommandKind::Jump);
    reader.require(ends, "schedule without an end");
  }

  bool isArray(uint32_t input) const { return input < program.inputs.size() && !program.inputs[input].isLiteral; }

  /// A buffer of constant bytes must hold constant dims exactly.
  bool fits(const ProgramBuffer &buffer, DType dtype, const std::vector<Size> &dims) const {
    int64_t bytes = static_cast<int64_t>(itemSize(dtype));
    for (Size dim : dims) {
      if (!dim.isConstant())
        return true;
      if (!checkedMultiply(bytes, dim.value(), bytes))
        return false;
    }
    return !buffer.bytes.isConstant() || buffer.bytes.value() == bytes;
  }

  void checkBuffer(uint32_t number) {
    const ProgramBuffer &buffer = program.buffers[number];
    if (buffer.kind == BufferKind::Input) {
      if (reader.require(isArray(buffer.index), "buffer of no input"))
        reader.require(fits(buffer, program.inputs[buffer.index].dtype, program.inputs[buffer.index].dims),
                       "buffer does not fit its input");
    } else if (buffer.kind == BufferKind::Output) {
      bool known = buffer.index < program.outputs.size() && program.outputs[buffer.index].buffer == number;
      reader.require(known, "buffer of no output");
    }
  }

  void checkOutput(const ProgramOutput &output) {
    if (!reader.require(output.buffer < program.buffers.size(), "output in no buffer"))
      return;
    const ProgramBuffer &buffer = program.buffers[output.buffer];
    reader.require(buffer.kind != BufferKind::Temporary, "output in a temporary buffer");
    reader.require(fits(buffer, output.dtype, output.dims), "buffer does not fit its output");
  }

  void checkChecks() {
    size_t count = program.outputs.size();
    if (!reader.require(program.checks.size() <= count, "more checks than outputs"))
      return;
    for (size_t i = count - program.checks.size(); i < count; ++i)
      reader.require(program.outputs[i].dtype == DType::Int64 && program.outputs[i].dims.empty(),
                     "check that is no position");
  }

  void checkCommand(const Command &command) {
    for (const CommandArg &arg : command.args)
      checkArg(arg);
    if (!reader.ok())
      return;
    bool writesNothing = true;
    for (const CommandArg &arg : command.args)
      writesNothing &= !arg.written;
    switch (command.kind) {
    case CommandKind::Launch:
      reader.require(command.callee < program.kernels.size(), "launch of no kernel");
      break;
    case CommandKind::Copy:
      reader.require(hasBuffers(command, 2) && !command.args[0].written && command.args[1].written,
                     "copy expects a source and a destination");
      break;
    case CommandKind::Fill:
      reader.require(hasBuffers(command, 1) && command.args[0].written, "fill expects a destination");
      break;
    case CommandKind::Branch:
      reader.require(hasBuffers(command, 1) && writesNothing, "branch expects a condition");
      [[fallthrough]];
    case CommandKind::Jump:
      reader.require(command.target < program.commands.size(), "jump out of the schedule");
      break;
    case CommandKind::Return:
      break;
    }
  }

  static bool hasBuffers(const Command &command, size_t number) {
    if (command.args.size() != number)
      return false;
    for (const CommandArg &arg : command.args)
      if (arg.kind != ArgKind::Buffer)
        return false;
    return true;
  }

  void checkArg(const CommandArg &arg) {
    if (arg.kind == ArgKind::Buffer) {
      if (reader.require(arg.index < program.buffers.size(), "argument names no buffer"))
        reader.require(!arg.written || program.buffers[arg.index].kind != BufferKind::Input, "command writes an input");
      return;
    }
    reader.require(!arg.written, "command writes a number");
    if (arg.kind == ArgKind::Literal)
      reader.require(arg.index < program.inputs.size() && program.inputs[arg.index].isLiteral,
                     "argument names no literal");
  }

  Reader &reader;
  Program &program;
  size_t numExprs = 0;
};

} // namespace

void writeProgram(const Program &program, std::vector<uint8_t> &out) {
  std::vector<uint8_t> payload;
  Writer writer(payload);
  writer.string(program.target);
  writer.string(program.buildId);
  writer.u32(program.numSymbols);
  writeSizes(writer, program.sizes);
  writeGuards(writer, program.guards);
  writeValues(writer, program);
  writer.count(program.kernels.size());
  for (const Kernel &kernel : program.kernels) {
    writer.string(kernel.name);
    writer.u64(kernel.entry);
  }
  writer.count(program.commands.size());
  for (const Command &command : program.commands)
    writeCommand(writer, command);
  writer.count(program.donations.size());
  for (const Donation &donation : program.donations) {
    writer.u32(donation.output);
    writer.u32(donation.input);
  }
  writer.u64(program.codeReadOnly);
  writer.u64(program.code.size());
  writer.bytes(program.code.data(), program.code.size());
  writeContainer(kForm, payload, out);
}

std::unique_ptr<Program> readProgram(const uint8_t *data, size_t size, std::string &error) {
  Reader reader;
  if (!openContainer(kForm, data, size, reader, error))
    return nullptr;
  auto program = std::make_unique<Program>();
  ProgramReader(reader, *program).read();
  if (reader.finish())
    return program;
  error = "program: " + reader.error();
  return nullptr;
}

} // namespace mlxir
