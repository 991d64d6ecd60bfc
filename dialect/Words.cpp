// Attribute words, and the inference of types that works on them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/Words.h"
#include "dialect/Expr.h"
#include "dialect/Ops.h"

#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/DerivedAttributeOpInterface.h"

using namespace mlir;
using namespace mlxir;

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

int64_t mlxir::getBits(TypedAttr number) {
  if (auto real = dyn_cast<FloatAttr>(number))
    return static_cast<int64_t>(real.getValue().bitcastToAPInt().getZExtValue());
  auto integer = cast<IntegerAttr>(number);
  bool isSigned = getTypeClass(integer.getType()) == TypeClass::Signed;
  return isSigned ? integer.getValue().getSExtValue() : static_cast<int64_t>(integer.getValue().getZExtValue());
}

TypedAttr mlxir::getNumber(MLIRContext *context, DType dtype, int64_t bits) {
  Type element = getElementType(context, dtype);
  APInt value(element.getIntOrFloatBitWidth(), static_cast<uint64_t>(bits), false, true);
  if (auto real = dyn_cast<FloatType>(element))
    return FloatAttr::get(real, APFloat(real.getFloatSemantics(), value));
  return IntegerAttr::get(element, value);
}

//===----------------------------------------------------------------------===//
// From attributes to words
//===----------------------------------------------------------------------===//

template <typename Range> static void appendList(const Range &list, SmallVectorImpl<int64_t> &words) {
  words.push_back(list.size());
  llvm::append_range(words, list);
}

static void appendSizes(ArrayRef<Size> sizes, SmallVectorImpl<int64_t> &words) {
  words.push_back(sizes.size());
  for (Size size : sizes)
    words.push_back(size.bits);
}

/// The words of one attribute that the op stores. Null words for one that it does not have.
static LogicalResult appendWords(AttrKind kind, Attribute attr, SmallVectorImpl<int64_t> &words) {
  switch (kind) {
  case AttrKind::IntList:
    if (auto list = dyn_cast_or_null<DenseI64ArrayAttr>(attr))
      return appendList(list.asArrayRef(), words), success();
    return failure();
  case AttrKind::SizeList:
    if (auto list = dyn_cast_or_null<SizesAttr>(attr))
      return appendSizes(list.getValues(), words), success();
    return failure();
  case AttrKind::Int:
    if (auto number = dyn_cast_or_null<TypedAttr>(attr); number && isElementType(number.getType()))
      return words.push_back(getBits(number)), success();
    return failure();
  case AttrKind::Bool:
    if (auto flag = dyn_cast_or_null<BoolAttr>(attr))
      return words.push_back(flag.getValue()), success();
    return failure();
  case AttrKind::Double:
    if (auto number = dyn_cast_or_null<FloatAttr>(attr))
      return words.push_back(getBits(number)), success();
    return failure();
  case AttrKind::DType:
  case AttrKind::Size:
    break;
  }
  return failure();
}

/// A dtype, and a list of sizes that the op does not store, are read off its result type.
static LogicalResult appendWords(const AttrInfo &info, function_ref<Attribute(StringRef)> attribute, Type result,
                                 SmallVectorImpl<int64_t> &words) {
  Attribute attr = info.kind == AttrKind::DType ? Attribute() : attribute(info.name);
  if (attr || !result)
    return appendWords(info.kind, attr, words);
  if (info.kind == AttrKind::DType)
    return words.push_back(static_cast<int64_t>(getDType(result))), success();
  if (info.kind == AttrKind::SizeList)
    return appendSizes(getDims(result), words), success();
  return failure();
}

void mlxir::getAttrWords(Operation *op, SmallVectorImpl<int64_t> &words) {
  const OpInfo &info = cast<ArrayOpInterface>(op).getOpInfo();
  Type result = op->getNumResults() ? op->getResult(0).getType() : Type();
  auto attribute = [&](StringRef name) { return op->getAttr(name); };
  for (const AttrInfo &attr : ArrayRef(info.attrs, info.numAttrs)) {
    LogicalResult done = appendWords(attr, attribute, result, words);
    assert(succeeded(done) && "the op was verified");
    (void)done;
  }
}

void mlxir::markSizeWords(const OpInfo &info, ArrayRef<int64_t> words, SmallVectorImpl<bool> &isSize) {
  size_t at = 0;
  for (const AttrInfo &attr : ArrayRef(info.attrs, info.numAttrs)) {
    size_t count = 1;
    if (attr.kind == AttrKind::IntList || attr.kind == AttrKind::SizeList) {
      count = static_cast<size_t>(words[at++]);
      isSize.push_back(false);
    }
    isSize.append(count, attr.kind == AttrKind::Size || attr.kind == AttrKind::SizeList);
    at += count;
  }
}

//===----------------------------------------------------------------------===//
// Inference
//===----------------------------------------------------------------------===//

/// Runs the row's inference function on types of the IR.
static bool infer(const OpInfo &info, SizeArena &sizes, TypeRange operands, ArrayRef<int64_t> words,
                  std::vector<mlxir::TensorType> &results, InferError &error) {
  std::vector<mlxir::TensorType> types;
  for (Type type : operands) {
    if (!isArrayType(type)) {
      error.kind = InferError::Type;
      error.text = "expected operands that are arrays of known dims";
      return false;
    }
    types.push_back(toTensorType(type));
  }
  return info.infer(sizes, types, {words.begin(), words.end()}, results, error);
}

LogicalResult mlxir::inferFromTable(MLIRContext *context, std::optional<Location> loc, StringRef name,
                                    ValueRange operands, function_ref<Attribute(StringRef)> attribute,
                                    SmallVectorImpl<Type> &results) {
  const OpInfo &info = lookUpOp(name);
  SmallVector<int64_t> words;
  for (const AttrInfo &attr : ArrayRef(info.attrs, info.numAttrs))
    if (failed(appendWords(attr, attribute, Type(), words)))
      return emitOptionalError(loc, "'", name, "' op expected an attribute '", attr.name, "'");
  SizesLock sizes(context);
  std::vector<mlxir::TensorType> types;
  InferError error;
  if (!infer(info, *sizes, operands.getTypes(), words, types, error))
    return emitOptionalError(loc, "'", name, "' op ", error.text);
  for (const mlxir::TensorType &type : types)
    results.push_back(fromTensorType(context, type));
  return success();
}

/// Equal, or equal if sizes that may be equal are.
static bool mayBeEqual(SizeArena &sizes, Type a, Type b) {
  if (a == b)
    return true;
  if (getElementTypeOrSelf(a) != getElementTypeOrSelf(b))
    return false;
  SmallVector<Size> dims = getDims(a), others = getDims(b);
  return dims.size() == others.size() && llvm::all_of(llvm::zip(dims, others), [&](auto pair) {
           return sizes.requireEqual(std::get<0>(pair), std::get<1>(pair));
         });
}

LogicalResult mlxir::verifyFromTable(Operation *op) {
  const OpInfo &info = lookUpOp(op->getName().getStringRef());
  if (!info.infer) // the types of a region op are those of its region
    return success();
  for (Type type : op->getResultTypes())
    if (!isArrayType(type))
      return op->emitOpError("expected a result that is an array of known dims, got ") << type;
  SmallVector<int64_t> words;
  auto attribute = [&](StringRef name) { return op->getAttr(name); };
  for (const AttrInfo &attr : ArrayRef(info.attrs, info.numAttrs))
    if (failed(appendWords(attr, attribute, op->getResult(0).getType(), words)))
      return op->emitOpError("expected an attribute '") << attr.name << "'";

  SizesLock sizes(op->getContext());
  size_t numGuards = sizes->guards().size();
  std::vector<mlxir::TensorType> types;
  InferError error;
  bool isValid = infer(info, *sizes, op->getOperandTypes(), words, types, error);
  if (!isValid)
    op->emitOpError(error.text);
  for (size_t i = 0; isValid && i < types.size(); ++i) {
    Type expected = fromTensorType(op->getContext(), types[i]);
    isValid = mayBeEqual(*sizes, expected, op->getResult(i).getType());
    if (!isValid)
      op->emitOpError("expected a result of type ") << expected << ", got " << op->getResult(i).getType();
  }
  // What a verifier assumes about sizes is not what a program relies on.
  sizes->truncateGuards(numGuards);
  return success(isValid);
}

//===----------------------------------------------------------------------===//
// From words to ops
//===----------------------------------------------------------------------===//

/// The attributes that the op stores: all but what its result type says.
static DictionaryAttr buildAttributes(MLIRContext *context, RegisteredOperationName name, const OpInfo &info,
                                      ArrayRef<int64_t> words) {
  Builder b(context);
  NamedAttrList attributes;
  const auto *derived = name.getInterface<DerivedAttributeOpInterface>();
  size_t at = 0;
  for (const AttrInfo &attr : ArrayRef(info.attrs, info.numAttrs)) {
    bool isList = attr.kind == AttrKind::IntList || attr.kind == AttrKind::SizeList;
    size_t count = isList ? static_cast<size_t>(words[at++]) : 1;
    ArrayRef<int64_t> values = words.slice(at, count);
    at += count;
    if (derived && derived->isDerivedAttribute(attr.name))
      continue;
    if (attr.kind == AttrKind::IntList)
      attributes.set(attr.name, b.getDenseI64ArrayAttr(values));
    else if (attr.kind == AttrKind::SizeList)
      attributes.set(attr.name,
                     SizesAttr::get(context, llvm::map_to_vector(values, [](int64_t w) { return Size{w}; })));
    else if (attr.kind == AttrKind::Bool)
      attributes.set(attr.name, b.getBoolAttr(values[0]));
    else if (attr.kind == AttrKind::Double)
      attributes.set(attr.name, getNumber(context, DType::Float64, values[0]));
    else if (name.getTypeID() == TypeID::get<ConstantOp>())
      attributes.set(attr.name, getNumber(context, static_cast<DType>(words[at]), values[0])); // dtype comes next
    else
      attributes.set(attr.name, b.getI64IntegerAttr(values[0]));
  }
  return attributes.getDictionary(context);
}

Operation *mlxir::createOp(OpBuilder &builder, Location loc, const OpInfo &info, ValueRange operands,
                           ArrayRef<int64_t> words, InferError &error) {
  MLIRContext *context = builder.getContext();
  auto name = RegisteredOperationName::lookup(("mlxir." + Twine(info.name)).str(), context);
  assert(name && info.infer && "an op of the table that has no region");
  std::vector<mlxir::TensorType> types;
  {
    SizesLock sizes(context);
    if (!infer(info, *sizes, operands.getTypes(), words, types, error))
      return nullptr;
  }
  OperationState state(loc, OperationName(*name));
  for (const mlxir::TensorType &type : types)
    state.addTypes(fromTensorType(context, type));
  state.addOperands(operands);
  if (info.isElementwise) {
    // Equal under a guard, but written differently: the op wants one type, and a reshape moves nothing.
    auto result = cast<RankedTensorType>(state.types[0]);
    for (Value &operand : state.operands)
      operand = rules::withType(builder, loc, operand, result.clone(getElementTypeOrSelf(operand.getType())));
  }
  // An op whose attributes all follow from its result type has no properties to set.
  if (name->getOpPropertyByteSize() > 0)
    state.propertiesAttr = buildAttributes(context, *name, info, words);
  return builder.create(state);
}
