// The mlxir_kernel dialect: what kernel bodies need and linalg cannot say. Its ops are destination-style: the result is
// the destination, changed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_KERNEL
#define MLXIR_KERNEL

include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def MlxirKernel_Dialect : Dialect {
  let name = "mlxir_kernel";
  let cppNamespace = "::mlxir::kernel";
  let summary = "Structured ops of kernel bodies that linalg has no form for.";
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def MlxirKernel_YieldOp : Op<MlxirKernel_Dialect, "yield", [Pure, Terminator, ParentOneOf<["ScatterOp"]>]> {
  let summary = "The new element.";
  let arguments = (ins AnyType:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

def MlxirKernel_ScatterOp : Op<MlxirKernel_Dialect, "scatter", [Pure, AllTypesMatch<["destination", "result"]>,
                                                                SingleBlock]> {
  let summary = "A tensor changed at computed indices.";
  let description = [{
    The updates have the indices' dims, then one dim per dim of the destination: a window. Along dim `axes[k]` the window
    starts at element `indices[k]`, which counts from the end when negative and is clamped so that the window fits. The region says what
    becomes of an element and an update that meet. Updates are taken in row-major order of the indices.
    (C1) one index tensor per axis; (C2) the rank of the updates is that of the indices plus that of the destination.

    Example:
    ```mlir
    %r = mlxir_kernel.scatter %updates at %i axes [0] into %x
        : tensor<4x1x8xf32>, [tensor<4xi32>], tensor<16x8xf32> {
    ^bb0(%old: f32, %update: f32):
      %new = arith.addf %old, %update : f32
      mlxir_kernel.yield %new : f32
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$updates, Variadic<AnyRankedTensor>:$indices, AnyRankedTensor:$destination,
                       DenseI64ArrayAttr:$axes, DefaultValuedAttr<BoolAttr, "false">:$unsigned_indices);
  let results = (outs AnyRankedTensor:$result);
  let regions = (region SizedRegion<1>:$combine);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $updates `at` $indices `axes` $axes `into` $destination attr-dict
    `:` type($updates) `,` `[` type($indices) `]` `,` type($destination) $combine
  }];
}

#endif // MLXIR_KERNEL
