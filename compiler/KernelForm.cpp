// Written and read through the bounds-checked cursor; what linking relies on is checked here.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/KernelForm.h"

#include "runtime/format/Container.h"
#include "runtime/format/SizeForm.h"

using namespace mlir;

namespace mlxir {

static constexpr FormId kKernelForm = {"MLXKERNL", 1, 0};

std::string kernelKey(const cpu::CpuTarget &target, const CompileOptions &options, StringRef text) {
  std::string checks = std::string(options.checkNans ? "nans" : "") + (options.checkBounds ? " bounds" : "");
  return "llvm-cpu " + target.triple + " " + target.cpu + " " + target.features + "\n" + checks + "\n" + text.str();
}

static void writeCode(Writer &writer, const cpu::ObjectCode &code) {
  writer.count(code.sections.size());
  for (const cpu::ObjectCode::Section &section : code.sections) {
    writer.count(section.bytes.size());
    writer.bytes(section.bytes.data(), section.bytes.size());
    writer.u64(section.alignment);
    writer.u8(section.executable);
  }
  writer.count(code.references.size());
  for (const cpu::ObjectCode::Reference &reference : code.references) {
    writer.u32(reference.section);
    writer.u32(reference.target);
    writer.u64(reference.offset);
    writer.u64(reference.targetOffset);
    writer.i64(reference.addend);
  }
  writer.u32(code.entrySection);
  writer.u64(code.entryOffset);
}

static void readCode(Reader &reader, cpu::ObjectCode &code) {
  code.sections.resize(reader.count(13));
  for (cpu::ObjectCode::Section &section : code.sections) {
    section.bytes = reader.blob(reader.count(1));
    section.alignment = reader.u64();
    section.executable = reader.boolean();
    reader.require(llvm::isPowerOf2_64(section.alignment) && section.alignment <= 4096, "alignment of a section");
  }
  code.references.resize(reader.count(32));
  auto isWithin = [&](uint32_t section, uint64_t offset, uint64_t bytes) {
    uint64_t size = section < code.sections.size() ? code.sections[section].bytes.size() : 0;
    return section < code.sections.size() && bytes <= size && offset <= size - bytes;
  };
  for (cpu::ObjectCode::Reference &reference : code.references) {
    reference.section = reader.u32();
    reference.target = reader.u32();
    reference.offset = reader.u64();
    reference.targetOffset = reader.u64();
    reference.addend = reader.i64();
    reader.require(isWithin(reference.section, reference.offset, 4) &&
                       isWithin(reference.target, reference.targetOffset, 0),
                   "reference outside of the code");
  }
  code.entrySection = reader.u32();
  code.entryOffset = reader.u64();
  reader.require(isWithin(code.entrySection, code.entryOffset, 1) && code.sections[code.entrySection].executable,
                 "entry outside of the code");
}

void writeKernel(const CompiledKernel &kernel, std::vector<uint8_t> &out) {
  std::vector<uint8_t> payload;
  Writer writer(payload);
  writeSizes(writer, kernel.sizes);
  for (Size size : {kernel.launch.grid, kernel.launch.grain, kernel.launch.scratch})
    writer.i64(size.bits);
  writer.count(kernel.launch.inPlace.size());
  for (cpu::InPlace pair : kernel.launch.inPlace) {
    writer.u32(pair.result);
    writer.u32(pair.argument);
  }
  writer.u32(kernel.irLines);
  writeCode(writer, kernel.code);
  writeContainer(kKernelForm, payload, out);
}

bool readKernel(ArrayRef<uint8_t> bytes, uint32_t numSymbols, CompiledKernel &kernel) {
  Reader reader;
  std::string error;
  if (!openContainer(kKernelForm, bytes.data(), bytes.size(), reader, error))
    return false;
  kernel.sizes = readSizes(reader, numSymbols);
  size_t numSizes = kernel.sizes.nodes().size();
  kernel.launch.grid = readExtent(reader, numSizes);
  kernel.launch.grain = readExtent(reader, numSizes);
  kernel.launch.scratch = readExtent(reader, numSizes);
  kernel.launch.inPlace.resize(reader.count(8));
  for (cpu::InPlace &pair : kernel.launch.inPlace) {
    pair.result = reader.u32();
    pair.argument = reader.u32();
  }
  kernel.irLines = reader.u32();
  readCode(reader, kernel.code);
  reader.finish();
  return reader.ok();
}

} // namespace mlxir
