// Sizes of a derivative are expressions of the function's symbols.
// RUN: mlxir-opt %s --mlxir-vjp --cse | %check
// RUN: mlxir-opt %s --mlxir-vjp="function=inserted" --cse | FileCheck %s --check-prefix=INSERTED

func.func @main(%x: tensor<?x8xf32, #mlxir.dims<s0, 8>>, %y: tensor<?x8xf32, #mlxir.dims<s1, 8>>)
    -> tensor<?xf32, #mlxir.dims<s0*4+s1*4>> attributes {mlxir.symbols = array<i64: 5, 3>} {
  %0 = mlxir.concatenate %x, %y axis 0
      : (tensor<?x8xf32, #mlxir.dims<s0, 8>>, tensor<?x8xf32, #mlxir.dims<s1, 8>>) -> tensor<?x8xf32, #mlxir.dims<s0+s1, 8>>
  %1 = mlxir.slice %0 starts [0, 4] strides [1, 1] : tensor<?x8xf32, #mlxir.dims<s0+s1, 8>> -> tensor<?x4xf32, #mlxir.dims<s0+s1, 4>>
  %2 = mlxir.reshape %1 : tensor<?x4xf32, #mlxir.dims<s0+s1, 4>> -> tensor<?xf32, #mlxir.dims<s0*4+s1*4>>
  return %2 : tensor<?xf32, #mlxir.dims<s0*4+s1*4>>
}

// CHECK-LABEL: func.func @main_vjp
// CHECK-SAME: (%[[CT:.*]]: tensor<?xf32, #mlxir.dims<s0*4+s1*4>>)
// CHECK: %[[R:.*]] = mlxir.reshape %[[CT]] : {{.*}} -> tensor<?x4xf32, #mlxir.dims<s0+s1, 4>>
// CHECK: %[[P:.*]] = mlxir.pad %[[R]], %{{.*}} low [0, 4] high [0, 0]
// CHECK-DAG: mlxir.slice %[[P]] starts [0, 0] strides [1, 1] : {{.*}} -> tensor<?x8xf32, #mlxir.dims<s0, 8>>
// CHECK-DAG: mlxir.slice %[[P]] starts [s0, 0] strides [1, 1] : {{.*}} -> tensor<?x8xf32, #mlxir.dims<s1, 8>>

// A reshape that the importer put between sizes which are equal under a guard is no value of the trace.
func.func @inserted(%x: tensor<?xf32, #mlxir.dims<s0>>, %y: tensor<?xf32, #mlxir.dims<s1>>) -> tensor<?xf32, #mlxir.dims<s0>> {
  %0 = mlxir.reshape %y {mlxir.inserted} : tensor<?xf32, #mlxir.dims<s1>> -> tensor<?xf32, #mlxir.dims<s0>>
  %1 = mlxir.multiply %x, %0 : tensor<?xf32, #mlxir.dims<s0>>
  %2 = mlxir.exp %1 : tensor<?xf32, #mlxir.dims<s0>>
  return %2 : tensor<?xf32, #mlxir.dims<s0>>
}
// INSERTED-LABEL: func.func @inserted_vjp
// INSERTED-SAME: {mlxir.residual = 0 : i64}, %{{.*}}: tensor<?xf32, #mlxir.dims<s1>> {mlxir.residual = 1 : i64},
// INSERTED-SAME: tensor<?xf32, #mlxir.dims<s0>> {mlxir.residual = 3 : i64}
