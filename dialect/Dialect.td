// The dialect itself: its name, what it is for, and the conventions that hold for every op.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_DIALECT
#define MLXIR_DIALECT

include "mlir/IR/DialectBase.td"

def Mlxir_Dialect : Dialect {
  let name = "mlxir";
  let cppNamespace = "::mlxir";
  let summary = "Array programs, as the user wrote them.";
  let description = [{
    One op is one array operation. Values are ranked tensors; an op computes its result from its operands and nothing
    else, so programs can be reordered, cloned and differentiated freely. The conventions:

    * Elements are `i1` (bool), `iN` (signed), `uiN` (unsigned), `f16`, `bf16`, `f32`, `f64`.
    * Nothing is implicit. Elementwise ops take operands of one type; `mlxir.broadcast` and `mlxir.cast` say where
      shapes and dtypes change; a number is a tensor of rank 0.
    * A dim is a number, or an expression of symbols that stand for sizes known at run time. Then the type carries
      one size per dim: `tensor<?x4xf32, #mlxir.dims<s0, 4>>`. Size attributes hold the same expressions.
    * Each op's result is rounded to its own type. Accumulators of 16-bit reductions and contractions are `f32`.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let hasNonDefaultDestructor = 1;
  let extraClassDeclaration = [{
    /// The sizes that types and attributes of this context name. Use SizesLock (Attributes.h) to reach them.
    struct Sizes;
    Sizes &getSizes() { return *sizes; }

  private:
    std::unique_ptr<Sizes> sizes;
    void registerAttributes();
    void registerOps();
  }];
}

#endif // MLXIR_DIALECT
