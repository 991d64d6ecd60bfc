// RUN: %invalid
// What the parser and the verifier say of constants, composites and launches.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

func.func @constant_without_a_dtype() {
  // expected-error @below {{expected a number with its type, such as 1.0 : f32}}
  %r = mlxir.constant "one"
  return
}

// -----

func.func @constant_of_another_dtype() {
  // expected-error @below {{'mlxir.constant' op expected a value of type 'i8', got 1.000000e+00 : f32}}
  %r = "mlxir.constant"() <{value = 1.0 : f32}> : () -> tensor<i8>
  return
}

// -----

func.func @composite_with_another_argument(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.composite' op expected the decomposition to have arguments of types 'tensor<4xf32>', got 'tensor<5xf32>'}}
  %r = mlxir.composite "f"(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<5xf32>):
    mlxir.yield %a : tensor<5xf32>
  }
  return
}

// -----

func.func @composite_with_another_result(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.composite' op expected the decomposition to yield values of types 'tensor<5xf32>', got 'tensor<4xf32>'}}
  %r = mlxir.composite "f"(%x) : (tensor<4xf32>) -> tensor<5xf32> {
  ^bb0(%a: tensor<4xf32>):
    mlxir.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @composite_without_its_rule(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.composite' op expected a decomposition and one region per rule, got 1 regions}}
  %r = mlxir.composite "f"(%x) {rules = array<i64: 0>} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    mlxir.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @rule_without_a_cotangent(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.composite' op expected a vjp rule to have arguments of types 'tensor<4xf32>', 'tensor<4xf32>', got 'tensor<4xf32>'}}
  %r = mlxir.composite "f"(%x) {rules = array<i64: 0>} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    mlxir.yield %a : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>):
    mlxir.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @rule_without_a_gradient(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.composite' op expected a vjp rule to yield values of types 'tensor<4xf32>', got }}
  %r = mlxir.composite "f"(%x) {rules = array<i64: 0>} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    mlxir.yield %a : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>, %ct: tensor<4xf32>):
    mlxir.yield
  }
  return
}

// -----

func.func @rule_without_a_tangent(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.composite' op expected a jvp rule to have arguments of types 'tensor<4xf32>', 'tensor<4xf32>', got 'tensor<4xf32>'}}
  %r = mlxir.composite "f"(%x) {rules = array<i64: 1>} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    mlxir.yield %a : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>):
    mlxir.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @rule_of_no_transform(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.composite' op expected rules 0 (vjp) and 1 (jvp), each once, got 2}}
  %r = mlxir.composite "f"(%x) {rules = array<i64: 2>} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    mlxir.yield %a : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>, %t: tensor<4xf32>):
    mlxir.yield %t : tensor<4xf32>
  }
  return
}

// -----

func.func @rule_that_comes_twice(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.composite' op expected rules 0 (vjp) and 1 (jvp), each once, got 1, 1}}
  %r = mlxir.composite "f"(%x) {rules = array<i64: 1, 1>} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    mlxir.yield %a : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>, %t: tensor<4xf32>):
    mlxir.yield %t : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>, %t: tensor<4xf32>):
    mlxir.yield %t : tensor<4xf32>
  }
  return
}

// -----

func.func @composite_that_uses_what_is_outside(%x: tensor<4xf32>) {
  // expected-note @below {{required by region isolation constraints}}
  %r = mlxir.composite "f"(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    // expected-error @below {{'mlxir.yield' op using value defined outside the region}}
    mlxir.yield %x : tensor<4xf32>
  }
  return
}

// -----

func.func @launch_of_nothing(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.launch' op expected a function of the module as kernel, got @kernel}}
  %r = mlxir.launch @kernel(%x) symbols [] : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func private @kernel(tensor<5xf32>) -> tensor<4xf32> attributes {mlxir.kernel}

func.func @launch_with_another_shape(%x: tensor<4xf32>) {
  // expected-error @below {{'mlxir.launch' op expected operands and results like those of @kernel}}
  %r = mlxir.launch @kernel(%x) symbols [] : (tensor<4xf32>) -> tensor<4xf32>
  return
}
