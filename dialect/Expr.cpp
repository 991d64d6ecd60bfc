// What operators on array values build, and the rules that hold for whole families.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/Expr.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlxir;
using namespace mlxir::rules;

//===----------------------------------------------------------------------===//
// Formulas
//===----------------------------------------------------------------------===//

Value Expr::in(const Expr &like) const {
  return value ? value : buildSplat(*like.builder, *like.loc, number, like.value.getType());
}

Expr rules::operator+(const Expr &x, const Expr &y) {
  if (x.isNumber() && y.isNumber())
    return x.getNumber() + y.getNumber();
  return x.is(0) ? y : y.is(0) ? x : build<AddOp>({x, y});
}

Expr rules::operator-(const Expr &x, const Expr &y) {
  if (x.isNumber() && y.isNumber())
    return x.getNumber() - y.getNumber();
  return x.is(0) ? -y : y.is(0) ? x : build<SubtractOp>({x, y});
}

Expr rules::operator*(const Expr &x, const Expr &y) {
  if (x.isNumber() && y.isNumber())
    return x.getNumber() * y.getNumber();
  if (x.is(0) || y.is(0))
    return zero;
  return x.is(1) ? y : y.is(1) ? x : build<MultiplyOp>({x, y});
}

Expr rules::operator/(const Expr &x, const Expr &y) {
  if (x.isNumber() && y.isNumber())
    return x.getNumber() / y.getNumber();
  return x.is(0) ? zero : y.is(1) ? x : build<DivideOp>({x, y});
}

Expr rules::operator-(const Expr &x) { return x.isNumber() ? Expr(-x.getNumber()) : build<NegativeOp>({x}); }
Expr rules::operator==(const Expr &x, const Expr &y) { return build<EqualOp>({x, y}); }
Expr rules::operator!=(const Expr &x, const Expr &y) { return build<NotEqualOp>({x, y}); }
Expr rules::operator<(const Expr &x, const Expr &y) { return build<LessOp>({x, y}); }
Expr rules::operator>(const Expr &x, const Expr &y) { return build<GreaterOp>({x, y}); }

Expr rules::cast(const Expr &x, const Expr &like) {
  return x.make(CastOp::create(x.getBuilder(), x.getLoc(), x.get(), getDType(like.get().getType())));
}

//===----------------------------------------------------------------------===//
// Building blocks
//===----------------------------------------------------------------------===//

Value rules::buildSplat(OpBuilder &builder, Location loc, double number, Type type) {
  auto tensor = mlir::cast<RankedTensorType>(type);
  Type element = tensor.getElementType();
  TypedAttr attr;
  if (auto floatType = dyn_cast<FloatType>(element))
    attr = FloatAttr::get(floatType, number);
  else
    attr = IntegerAttr::get(element, APInt(element.getIntOrFloatBitWidth(), static_cast<int64_t>(number), true, true));
  Value scalar = ConstantOp::create(builder, loc, attr);
  if (tensor.getRank() == 0)
    return scalar;
  return BroadcastOp::create(builder, loc, type, scalar, ArrayRef<int64_t>());
}

Value rules::buildZeros(OpBuilder &builder, Location loc, Type type) { return buildSplat(builder, loc, 0, type); }

Expr rules::buildExtent(OpBuilder &builder, Location loc, Size extent, RankedTensorType type) {
  if (extent.isConstant())
    return static_cast<double>(extent.value());
  SizesLock sizes(type.getContext());
  Size last = sizes->sub(extent, Size::constant(1));
  Type element = type.getElementType();
  Value positions = IotaOp::create(builder, loc, getTensorType({extent}, element), 0);
  Value one = SliceOp::create(builder, loc, positions, {last}, {1}, {Size::constant(1)});
  Value scalar = ReshapeOp::create(builder, loc, getTensorType({}, element), one);
  Value spread = type.getRank() == 0 ? scalar : BroadcastOp::create(builder, loc, type, scalar, ArrayRef<int64_t>());
  return Expr(builder, loc, spread) + 1;
}

Value rules::withType(OpBuilder &builder, Location loc, Value x, Type type) {
  return x.getType() == type ? x : ReshapeOp::create(builder, loc, type, x).getResult();
}

Value rules::broadcastToBatch(OpBuilder &builder, Location loc, Value x, Size batch) {
  SmallVector<Size> dims = getDims(x);
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(1, dims.size() + 1));
  dims.insert(dims.begin(), batch);
  return BroadcastOp::create(builder, loc, x, axes, dims);
}

RankedTensorType rules::batchedType(Type type, Size batch) {
  SmallVector<Size> dims = getDims(type);
  dims.insert(dims.begin(), batch);
  return getTensorType(dims, getElementTypeOrSelf(type));
}

SmallVector<int64_t> rules::shiftedAxes(ArrayRef<int64_t> axes) {
  return llvm::map_to_vector(axes, [](int64_t axis) { return axis + 1; });
}

Value rules::rebuild(Operation *op, OpBuilder &builder, ValueRange operands, Type type, NamedAttribute changed) {
  OperationState state(op->getLoc(), op->getName());
  state.addOperands(operands);
  state.addTypes(type);
  state.attributes = op->getAttrs();
  if (changed.getValue())
    state.attributes.set(changed.getName(), changed.getValue());
  return builder.create(state)->getResult(0);
}

SmallVector<Value> rules::allBatched(OpBuilder &builder, Location loc, ValueRange operands, ArrayRef<bool> batched,
                                     Size batch) {
  SmallVector<Value> all;
  for (auto [operand, isBatched] : llvm::zip_equal(operands, batched))
    all.push_back(isBatched ? operand : broadcastToBatch(builder, loc, operand, batch));
  return all;
}

Value rules::buildTranspose(OpBuilder &builder, Location loc, Value x, ArrayRef<int64_t> permutation) {
  return llvm::is_sorted(permutation) ? x : TransposeOp::create(builder, loc, x, permutation).getResult();
}

SmallVector<int64_t> rules::orderOf(ArrayRef<int64_t> keys) {
  SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, keys.size()));
  llvm::sort(order, [&](int64_t a, int64_t b) { return keys[a] < keys[b]; });
  return order;
}

bool rules::isFloatArray(Value value) { return getTypeClass(value.getType()) == TypeClass::Float; }

//===----------------------------------------------------------------------===//
// Derivatives
//===----------------------------------------------------------------------===//

static SmallVector<Expr> asExprs(OpBuilder &builder, Operation *op) {
  return llvm::map_to_vector(op->getOperands(), [&](Value v) { return Expr(builder, op->getLoc(), v); });
}

LogicalResult rules::vjpElementwise(Operation *op, Formulas formulas, OpBuilder &builder, ValueRange cotangents,
                                    ArrayRef<bool> wanted, SmallVectorImpl<Value> &gradients) {
  SmallVector<Expr> operands = asExprs(builder, op);
  Expr result(builder, op->getLoc(), op->getResult(0)), ct(builder, op->getLoc(), cotangents[0]);
  for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
    bool isNeeded = wanted[i] && cotangents[0] && isFloatArray(operand);
    Expr gradient = isNeeded ? formulas(i, ct, result, operands) : zero;
    gradients.push_back(gradient.is(0) ? Value() : gradient.in(operands[i]));
  }
  return success();
}

LogicalResult rules::jvpElementwise(Operation *op, Formulas formulas, OpBuilder &builder, ValueRange tangents,
                                    SmallVectorImpl<Value> &results) {
  SmallVector<Expr> operands = asExprs(builder, op);
  Expr result(builder, op->getLoc(), op->getResult(0)), sum = zero;
  for (auto [i, tangent] : llvm::enumerate(tangents))
    if (tangent)
      sum = sum + formulas(i, Expr(builder, op->getLoc(), tangent), result, operands);
  results.push_back(sum.is(0) ? Value() : sum.in(result));
  return success();
}

LogicalResult rules::jvpLinear(Operation *op, OpBuilder &builder, ValueRange tangents,
                               SmallVectorImpl<Value> &results) {
  bool anyTangent = llvm::any_of(tangents, [](Value v) { return static_cast<bool>(v); });
  if (!anyTangent || !isFloatArray(op->getResult(0))) {
    results.push_back(Value());
    return success();
  }
  SmallVector<Value> operands;
  for (auto [operand, tangent] : llvm::zip_equal(op->getOperands(), tangents)) {
    if (!isFloatArray(operand))
      operands.push_back(operand);
    else
      operands.push_back(tangent ? tangent : buildZeros(builder, op->getLoc(), operand.getType()));
  }
  results.push_back(rebuild(op, builder, operands, op->getResult(0).getType()));
  return success();
}

//===----------------------------------------------------------------------===//
// Batching
//===----------------------------------------------------------------------===//

LogicalResult rules::vmapElementwise(Operation *op, OpBuilder &builder, ValueRange operands, ArrayRef<bool> batched,
                                     Size batch, SmallVectorImpl<Value> &results) {
  SmallVector<Value> all = allBatched(builder, op->getLoc(), operands, batched, batch);
  results.push_back(rebuild(op, builder, all, batchedType(op->getResult(0).getType(), batch)));
  return success();
}

LogicalResult rules::vmapReduce(Operation *op, OpBuilder &builder, ValueRange operands, ArrayRef<bool>, Size batch,
                                SmallVectorImpl<Value> &results) {
  auto axes = op->getAttrOfType<DenseI64ArrayAttr>("axes");
  auto shifted = builder.getDenseI64ArrayAttr(shiftedAxes(axes.asArrayRef()));
  Type type = batchedType(op->getResult(0).getType(), batch);
  results.push_back(rebuild(op, builder, operands, type, builder.getNamedAttr("axes", shifted)));
  return success();
}

LogicalResult rules::vmapArgReduce(Operation *op, OpBuilder &builder, ValueRange operands, ArrayRef<bool>, Size batch,
                                   SmallVectorImpl<Value> &results) {
  int64_t axis = op->getAttrOfType<IntegerAttr>("axis").getInt();
  Type type = batchedType(op->getResult(0).getType(), batch);
  results.push_back(
      rebuild(op, builder, operands, type, builder.getNamedAttr("axis", builder.getI64IntegerAttr(axis + 1))));
  return success();
}
