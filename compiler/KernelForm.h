// The key of a kernel and the flat form of its code: what is cached by content (D4, RFC 0003).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_COMPILER_KERNELFORM_H
#define MLXIR_COMPILER_KERNELFORM_H

#include "compiler/CompileKernels.h"

namespace mlxir {

/// All that the code depends on but the compiler's build: `text` is the canonical kernel function.
std::string kernelKey(const cpu::CpuTarget &target, const CompileOptions &options, llvm::StringRef text);

/// Code, launch and sizes; not the name and the texts.
void writeKernel(const CompiledKernel &kernel, std::vector<uint8_t> &out);
/// False if the bytes are no kernel of `numSymbols` symbols.
bool readKernel(llvm::ArrayRef<uint8_t> bytes, uint32_t numSymbols, CompiledKernel &kernel);

} // namespace mlxir

#endif // MLXIR_COMPILER_KERNELFORM_H
