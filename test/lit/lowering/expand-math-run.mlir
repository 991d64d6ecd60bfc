// The expansions are run on the arguments that formulas get wrong: zeros, infinities, NaN, the first number of a
// type, and arguments so large that sin has to know hundreds of bits of 1/pi. Values in between: test_math_ulp.py.
// RUN: mlxir-opt %s --mlxir-expand-math --convert-vector-to-scf --convert-scf-to-cf --convert-vector-to-llvm --convert-to-llvm \
// RUN:   --reconcile-unrealized-casts | %run | %check

func.func @f32(%x: vector<8xf32>) {
  %exp = math.exp %x : vector<8xf32>
  vector.print %exp : vector<8xf32>
  // CHECK: ( 1, 1, inf, 0, {{-?}}nan, 2.71828, 0.367879, 1 )
  %expm1 = math.expm1 %x : vector<8xf32>
  vector.print %expm1 : vector<8xf32>
  // CHECK-NEXT: ( 0, -0, inf, -1, {{-?}}nan, 1.71828, -0.632121, 1.4013e-45 )
  %log = math.log %x : vector<8xf32>
  vector.print %log : vector<8xf32>
  // CHECK-NEXT: ( -inf, -inf, inf, {{-?}}nan, {{-?}}nan, 0, {{-?}}nan, -103.279 )
  %log1p = math.log1p %x : vector<8xf32>
  vector.print %log1p : vector<8xf32>
  // CHECK-NEXT: ( 0, -0, inf, {{-?}}nan, {{-?}}nan, 0.693147, -inf, 1.4013e-45 )
  %tanh = math.tanh %x : vector<8xf32>
  vector.print %tanh : vector<8xf32>
  // CHECK-NEXT: ( 0, -0, 1, -1, {{-?}}nan, 0.761594, -0.761594, 1.4013e-45 )
  %sin = math.sin %x : vector<8xf32>
  vector.print %sin : vector<8xf32>
  // CHECK-NEXT: ( 0, -0, {{-?}}nan, {{-?}}nan, {{-?}}nan, 0.841471, -0.841471, 1.4013e-45 )
  %atanh = math.atanh %x : vector<8xf32>
  vector.print %atanh : vector<8xf32>
  // CHECK-NEXT: ( 0, -0, {{-?}}nan, {{-?}}nan, {{-?}}nan, inf, -inf, 1.4013e-45 )
  %erf = math.erf %x : vector<8xf32>
  vector.print %erf : vector<8xf32>
  // CHECK-NEXT: ( 0, -0, 1, -1, {{-?}}nan, 0.842701, -0.842701, 1.4013e-45 )
  %rsqrt = math.rsqrt %x : vector<8xf32>
  vector.print %rsqrt : vector<8xf32>
  // CHECK-NEXT: ( inf, -inf, 0, {{-?}}nan, {{-?}}nan, 1, {{-?}}nan, 2.67137e+22 )
  %cbrt = math.cbrt %x : vector<8xf32>
  vector.print %cbrt : vector<8xf32>
  // CHECK-NEXT: ( 0, -0, inf, -inf, {{-?}}nan, 1, -1, 1.11903e-15 )
  return
}

func.func @f64(%x: vector<4xf64>, %y: vector<4xf64>) {
  // 6381956970095103 2^797, the double nearest to a multiple of pi/2; 2^1023; 1e22; 2^30.
  %cos = math.cos %x : vector<4xf64>
  vector.print %cos : vector<4xf64>
  // CHECK-NEXT: ( -4.68717e-19, -0.82637, 0.523215, 0.786707 )
  %tan = math.tan %x : vector<4xf64>
  vector.print %tan : vector<4xf64>
  // CHECK-NEXT: ( -2.13349e+18, -0.681448, -1.62878, -0.784697 )
  %rem = arith.remf %x, %y : vector<4xf64>
  vector.print %rem : vector<4xf64>
  // CHECK-NEXT: ( 6, 1, 4, 1 )
  return
}

func.func @powers(%x: vector<6xf32>, %y: vector<6xf32>, %n: vector<4xi64>, %m: vector<4xi64>) {
  %pow = math.powf %x, %y : vector<6xf32>
  vector.print %pow : vector<6xf32>
  // CHECK-NEXT: ( -8, {{-?}}nan, 1, 1, -inf, 1.26765e+30 )
  %ipow = math.ipowi %n, %m : vector<4xi64>
  vector.print %ipow : vector<4xi64>
  // CHECK-NEXT: ( -1, 0, 0, 4052555153018976267 )
  return
}

func.func @halves(%x: vector<4xf64>) {
  // Just above the middle of two bf16 (f16) numbers: rounding through f32 would give the even one below.
  %b = arith.truncf %x : vector<4xf64> to vector<4xbf16>
  %bits = vector.bitcast %b : vector<4xbf16> to vector<4xi16>
  vector.print %bits : vector<4xi16>
  // CHECK-NEXT: ( 16257, 16256, 32704, -128 )
  %h = arith.truncf %x : vector<4xf64> to vector<4xf16>
  %hbits = vector.bitcast %h : vector<4xf16> to vector<4xi16>
  vector.print %hbits : vector<4xi16>
  // CHECK-NEXT: ( 15364, 15361, 32256, -1024 )
  return
}

func.func @main() {
  %x = arith.constant dense<[0.0, -0.0, 0x7F800000, 0xFF800000, 0x7FC00000, 1.0, -1.0, 0x00000001]> : vector<8xf32>
  call @f32(%x) : (vector<8xf32>) -> ()
  %large = arith.constant dense<[0x7506AC5B262CA1FF, 0x7FE0000000000000, 1.0e22, 0x41D0000000000000]> : vector<4xf64>
  %seven = arith.constant dense<[7.0, 7.0, 7.0, 3.0]> : vector<4xf64>
  call @f64(%large, %seven) : (vector<4xf64>, vector<4xf64>) -> ()
  %base = arith.constant dense<[-2.0, -2.0, 1.0, 0x7FC00000, -0.0, 2.0]> : vector<6xf32>
  %power = arith.constant dense<[3.0, 0.5, 0x7FC00000, 0.0, -3.0, 100.0]> : vector<6xf32>
  %n = arith.constant dense<[-1, 2, 2, 3]> : vector<4xi64>
  %m = arith.constant dense<[-3, -3, 64, 39]> : vector<4xi64>
  call @powers(%base, %power, %n, %m) : (vector<6xf32>, vector<6xf32>, vector<4xi64>, vector<4xi64>) -> ()
  %ties = arith.constant dense<[0x3FF0100000000001, 0x3FF0020000000001, 0x7FF8000000000000, 0xFFEFFFFFFFFFFFFF]> : vector<4xf64>
  call @halves(%ties) : (vector<4xf64>) -> ()
  return
}
