// Every function of every float type becomes arithmetic: the only math operations
// left are those that processors have, no 16-bit float is computed with, and the
// machine code calls nothing. TYPE stands for each of the types in turn.

// DEFINE: %{type} = f32
// DEFINE: %{shape} =
// DEFINE: %{end} =
// DEFINE: %{expand} = sed -e 's/TYPE/%{shape}%{type}%{end}/g; s/BOOL/%{shape}i1%{end}/g; s/INT/%{shape}i32%{end}/g' %s \
// DEFINE:   | mlxir-opt --mlxir-expand-math -o %t
// DEFINE: %{check} = FileCheck %s --input-file=%t \
// DEFINE:   --implicit-check-not='math.{{exp|log|sin|cos|tan|asin|acos|atan|erf|rsqrt|cbrt|pow|fpow|round |clamp|is}}' \
// DEFINE:   --implicit-check-not='{{(arith|math)\.(add|sub|mul|div|rem|neg|cmp|max|min|sqrt|fma|floor|ceil|trunc |abs|copy).*f16}}' \
// DEFINE:   --implicit-check-not='{{arith\.(ext|trunc)f.*bf16}}'
// DEFINE: %{assemble} = mlxir-opt %t --convert-vector-to-scf --convert-scf-to-cf --convert-to-llvm \
// DEFINE:   --reconcile-unrealized-casts | mlir-translate --mlir-to-llvmir | llc -O1 -mcpu=x86-64-v3 -relocation-model=pic \
// DEFINE:   | FileCheck %s --check-prefix=ASM --implicit-check-not=@PLT --implicit-check-not=@GOT

// RUN: %{expand} && %{check} && %{assemble}
// REDEFINE: %{type} = f64
// RUN: %{expand} && %{check} && %{assemble}
// REDEFINE: %{type} = f16
// RUN: %{expand} && %{check} && %{assemble}
// REDEFINE: %{type} = bf16
// RUN: %{expand} && %{check} && %{assemble}
// REDEFINE: %{end} = >
// REDEFINE: %{shape} = vector<2x4x
// RUN: %{expand} && %{check} && %{assemble}
// REDEFINE: %{shape} = vector<16x
// REDEFINE: %{type} = f32
// RUN: %{expand} && %{check} && %{assemble}
// REDEFINE: %{type} = f64
// RUN: %{expand} && %{check} && %{assemble}
// REDEFINE: %{type} = f16
// RUN: %{expand} && %{check} && %{assemble}

// CHECK-LABEL: func.func @exp(
// CHECK-COUNT-4: math.fma
// CHECK: return
// ASM: exp:
func.func @exp(%x: TYPE) -> TYPE {
  %y = math.exp %x : TYPE
  return %y : TYPE
}
func.func @exp2(%x: TYPE) -> TYPE {
  %y = math.exp2 %x : TYPE
  return %y : TYPE
}
func.func @expm1(%x: TYPE) -> TYPE {
  %y = math.expm1 %x : TYPE
  return %y : TYPE
}
func.func @log(%x: TYPE) -> TYPE {
  %y = math.log %x : TYPE
  return %y : TYPE
}
func.func @log2(%x: TYPE) -> TYPE {
  %y = math.log2 %x : TYPE
  return %y : TYPE
}
func.func @log10(%x: TYPE) -> TYPE {
  %y = math.log10 %x : TYPE
  return %y : TYPE
}
func.func @log1p(%x: TYPE) -> TYPE {
  %y = math.log1p %x : TYPE
  return %y : TYPE
}
func.func @sin(%x: TYPE) -> TYPE {
  %y = math.sin %x : TYPE
  return %y : TYPE
}
func.func @cos(%x: TYPE) -> TYPE {
  %y = math.cos %x : TYPE
  return %y : TYPE
}
func.func @tan(%x: TYPE) -> TYPE {
  %y = math.tan %x : TYPE
  return %y : TYPE
}
func.func @sinh(%x: TYPE) -> TYPE {
  %y = math.sinh %x : TYPE
  return %y : TYPE
}
func.func @cosh(%x: TYPE) -> TYPE {
  %y = math.cosh %x : TYPE
  return %y : TYPE
}
func.func @tanh(%x: TYPE) -> TYPE {
  %y = math.tanh %x : TYPE
  return %y : TYPE
}
func.func @asin(%x: TYPE) -> TYPE {
  %y = math.asin %x : TYPE
  return %y : TYPE
}
func.func @acos(%x: TYPE) -> TYPE {
  %y = math.acos %x : TYPE
  return %y : TYPE
}
func.func @atan(%x: TYPE) -> TYPE {
  %y = math.atan %x : TYPE
  return %y : TYPE
}
func.func @asinh(%x: TYPE) -> TYPE {
  %y = math.asinh %x : TYPE
  return %y : TYPE
}
func.func @acosh(%x: TYPE) -> TYPE {
  %y = math.acosh %x : TYPE
  return %y : TYPE
}
func.func @atanh(%x: TYPE) -> TYPE {
  %y = math.atanh %x : TYPE
  return %y : TYPE
}
func.func @erf(%x: TYPE) -> TYPE {
  %y = math.erf %x : TYPE
  return %y : TYPE
}
func.func @erfc(%x: TYPE) -> TYPE {
  %y = math.erfc %x : TYPE
  return %y : TYPE
}
func.func @rsqrt(%x: TYPE) -> TYPE {
  %y = math.rsqrt %x : TYPE
  return %y : TYPE
}
func.func @cbrt(%x: TYPE) -> TYPE {
  %y = math.cbrt %x : TYPE
  return %y : TYPE
}
func.func @round(%x: TYPE) -> TYPE {
  %y = math.round %x : TYPE
  return %y : TYPE
}
func.func @sqrt(%x: TYPE) -> TYPE {
  %y = math.sqrt %x : TYPE
  return %y : TYPE
}
func.func @absf(%x: TYPE) -> TYPE {
  %y = math.absf %x : TYPE
  return %y : TYPE
}
func.func @floor(%x: TYPE) -> TYPE {
  %y = math.floor %x : TYPE
  return %y : TYPE
}
func.func @ceil(%x: TYPE) -> TYPE {
  %y = math.ceil %x : TYPE
  return %y : TYPE
}
func.func @trunc(%x: TYPE) -> TYPE {
  %y = math.trunc %x : TYPE
  return %y : TYPE
}
func.func @roundeven(%x: TYPE) -> TYPE {
  %y = math.roundeven %x : TYPE
  return %y : TYPE
}
func.func @powf(%x: TYPE, %y: TYPE) -> TYPE {
  %z = math.powf %x, %y : TYPE
  return %z : TYPE
}
func.func @atan2(%x: TYPE, %y: TYPE) -> TYPE {
  %z = math.atan2 %x, %y : TYPE
  return %z : TYPE
}
func.func @copysign(%x: TYPE, %y: TYPE) -> TYPE {
  %z = math.copysign %x, %y : TYPE
  return %z : TYPE
}
func.func @remf(%x: TYPE, %y: TYPE) -> TYPE {
  %z = arith.remf %x, %y : TYPE
  return %z : TYPE
}
func.func @addf(%x: TYPE, %y: TYPE) -> TYPE {
  %z = arith.addf %x, %y : TYPE
  return %z : TYPE
}
func.func @divf(%x: TYPE, %y: TYPE) -> TYPE {
  %z = arith.divf %x, %y : TYPE
  return %z : TYPE
}
func.func @maximumf(%x: TYPE, %y: TYPE) -> TYPE {
  %z = arith.maximumf %x, %y : TYPE
  return %z : TYPE
}
func.func @minnumf(%x: TYPE, %y: TYPE) -> TYPE {
  %z = arith.minnumf %x, %y : TYPE
  return %z : TYPE
}
func.func @fma(%x: TYPE, %y: TYPE, %z: TYPE) -> TYPE {
  %0 = math.fma %x, %y, %z : TYPE
  return %0 : TYPE
}
func.func @clampf(%x: TYPE, %y: TYPE, %z: TYPE) -> TYPE {
  %0 = math.clampf %x to [%y, %z] : TYPE
  return %0 : TYPE
}
func.func @fpowi(%x: TYPE, %n: INT) -> TYPE {
  %y = math.fpowi %x, %n : TYPE, INT
  return %y : TYPE
}
func.func @sincos(%x: TYPE) -> (TYPE, TYPE) {
  %s, %c = math.sincos %x : TYPE
  return %s, %c : TYPE, TYPE
}
func.func @isfinite(%x: TYPE) -> BOOL {
  %y = math.isfinite %x : TYPE
  return %y : BOOL
}
func.func @isinf(%x: TYPE) -> BOOL {
  %y = math.isinf %x : TYPE
  return %y : BOOL
}
func.func @isnan(%x: TYPE) -> BOOL {
  %y = math.isnan %x : TYPE
  return %y : BOOL
}
func.func @isnormal(%x: TYPE) -> BOOL {
  %y = math.isnormal %x : TYPE
  return %y : BOOL
}
func.func @less(%x: TYPE, %y: TYPE) -> BOOL {
  %0 = arith.cmpf olt, %x, %y : TYPE
  return %0 : BOOL
}
func.func @convert(%n: INT) -> (TYPE, INT) {
  %x = arith.sitofp %n : INT to TYPE
  %m = arith.fptosi %x : TYPE to INT
  return %x, %m : TYPE, INT
}
