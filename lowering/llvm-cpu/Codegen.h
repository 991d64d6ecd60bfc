// From the LLVM dialect to machine code: LLVM IR, an object file, and its sections read back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "lowering/llvm-cpu/Emitter.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

#include <string>
#include <vector>

namespace mlxir {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "lowering/llvm-cpu/Codegen.h.inc"

namespace cpu {

/// A kernel's machine code, not yet placed: sections and the references between them.
struct ObjectCode {
  struct Section {
    std::vector<uint8_t> bytes;
    uint64_t alignment = 1;
    bool executable = false;
  };
  /// The 32-bit field at `offset` of `section` gets the distance from itself to `target` + `targetOffset`, plus
  /// `addend`.
  struct Reference {
    uint32_t section = 0, target = 0;
    uint64_t offset = 0, targetOffset = 0;
    int64_t addend = 0;
  };
  std::vector<Section> sections;
  std::vector<Reference> references;
  uint32_t entrySection = 0;
  uint64_t entryOffset = 0;
};

/// Several kernels' code placed in one position-independent image: text first, then constants on a page of their own.
struct Image {
  std::vector<uint8_t> bytes;
  uint64_t readOnly = 0;
  std::vector<uint64_t> entries;
};
mlir::FailureOr<Image> linkImage(llvm::ArrayRef<const ObjectCode *> objects, std::string &error);

/// What code generation makes of a kernel. The texts of its stages are kept when asked for.
struct GeneratedCode {
  ObjectCode object;
  bool wantsTexts = false;
  std::string llvm, assembly;
};

/// The host (empty or "native"), or a CPU as LLVM names it with further features: "x86-64-v4,+avx512bf16". An error if
/// LLVM knows no such CPU.
mlir::FailureOr<CpuTarget> describeTarget(llvm::StringRef description,
                                          llvm::function_ref<mlir::InFlightDiagnostic()> emitError);
/// What a pass compiles for: the target that it was given, or the one that its option describes.
mlir::FailureOr<CpuTarget> resolveTarget(const CpuTarget *given, llvm::StringRef option, mlir::ModuleOp module);

/// The pass mlxir-cpu-codegen for a module with one kernel, whose code is kept.
std::unique_ptr<mlir::Pass> createCodegen(const CpuTarget &target, GeneratedCode &generated);

} // namespace cpu
} // namespace mlxir
