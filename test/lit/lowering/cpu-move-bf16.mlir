// Values of bfloat16 are moved as integers of the same bits.
// RUN: mlxir-opt %s --mlxir-cpu-move-bf16 | FileCheck %s

// CHECK-LABEL: func.func @fill
// CHECK: %[[ONES:.*]] = arith.constant dense<16256> : vector<4xi16>
// CHECK: vector.insert %{{.*}}, %[[ONES]] [2] : i16 into vector<4xi16>
// CHECK-NOT: bf16
func.func @fill(%x: bf16) -> vector<4xbf16> {
  %ones = arith.constant dense<1.0> : vector<4xbf16>
  %r = vector.insert %x, %ones [2] : bf16 into vector<4xbf16>
  return %r : vector<4xbf16>
}
