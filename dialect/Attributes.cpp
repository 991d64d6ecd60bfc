// Printing, parsing and building of sizes, and of the tensor types that carry them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/Attributes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlxir;

#define GET_ATTRDEF_CLASSES
#include "dialect/Attributes.cpp.inc"

void MlxirDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/Attributes.cpp.inc"
      >();
}

SizesLock::SizesLock(MLIRContext *context)
    : sizes(context->getOrLoadDialect<MlxirDialect>()->getSizes()), guard(sizes.mutex) {}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

namespace {
/// sum := product (('+' | '-') product)*; product := '-'? atom ('*' atom)*;
/// atom := number | 's' number | function '(' sum ',' sum ')' | '(' sum ')'
class SizeParser {
public:
  SizeParser(AsmParser &parser, SizeArena &arena) : parser(parser), arena(arena) {}

  ParseResult parseSum(Size &result) {
    if (parseProduct(result))
      return failure();
    while (true) {
      // The lexer reads `-1` as a minus and a number.
      bool isMinus = succeeded(parser.parseOptionalMinus());
      if (!isMinus && failed(parser.parseOptionalPlus()))
        return success();
      Size term;
      if (parseProduct(term))
        return failure();
      result = isMinus ? arena.sub(result, term) : arena.add(result, term);
    }
  }

private:
  ParseResult parseProduct(Size &result) {
    bool isNegative = succeeded(parser.parseOptionalMinus());
    if (parseAtom(result))
      return failure();
    while (succeeded(parser.parseOptionalStar())) {
      Size factor;
      if (parseAtom(factor))
        return failure();
      result = arena.mul(result, factor);
    }
    if (isNegative)
      result = arena.mul(result, Size::constant(-1));
    return success();
  }

  ParseResult parseAtom(Size &result) {
    if (succeeded(parser.parseOptionalLParen()))
      return failure(parseSum(result) || parser.parseRParen());
    SMLoc loc = parser.getCurrentLocation();
    uint64_t number = 0;
    OptionalParseResult isNumber = parser.parseOptionalInteger(number);
    if (isNumber.has_value()) {
      if (failed(*isNumber) || number > static_cast<uint64_t>(Size::kLimit))
        return parser.emitError(loc, "expected a size below 2^62");
      result = Size::constant(static_cast<int64_t>(number));
      return success();
    }
    StringRef name;
    if (failed(parser.parseOptionalKeyword(&name)))
      return parser.emitError(loc, "expected a size, such as 4 or s0*4+1");
    uint32_t symbol = 0;
    if (name.consume_front("s") && !name.getAsInteger(10, symbol)) {
      result = arena.symbol(symbol);
      return success();
    }
    return parseCall(loc, name, result);
  }

  ParseResult parseCall(SMLoc loc, StringRef name, Size &result) {
    using Function = Size (SizeArena::*)(Size, Size);
    Function function = llvm::StringSwitch<Function>(name)
                            .Case("floordiv", &SizeArena::floorDiv)
                            .Case("mod", &SizeArena::mod)
                            .Case("min", &SizeArena::min)
                            .Case("max", &SizeArena::max)
                            .Default(nullptr);
    if (!function)
      return parser.emitError(loc, "expected a symbol, floordiv, mod, min or max, got ") << name;
    Size a, b;
    if (parser.parseLParen() || parseSum(a) || parser.parseComma() || parseSum(b) || parser.parseRParen())
      return failure();
    result = (arena.*function)(a, b);
    return success();
  }

  AsmParser &parser;
  SizeArena &arena;
};
} // namespace

static ParseResult parseSizeList(AsmParser &parser, AsmParser::Delimiter delimiter, SmallVectorImpl<Size> &list) {
  SizesLock arena(parser.getContext());
  return parser.parseCommaSeparatedList(
      delimiter, [&] { return SizeParser(parser, *arena).parseSum(list.emplace_back()); }, " in a list of sizes");
}

static void printSizeList(raw_ostream &os, MLIRContext *context, ArrayRef<Size> list) {
  SizesLock arena(context);
  llvm::interleaveComma(list, os, [&](Size size) { os << arena->str(size); });
}

template <typename AttrT> static Attribute parseSizeListAttr(AsmParser &parser) {
  SmallVector<Size> list;
  if (parseSizeList(parser, AsmParser::Delimiter::LessGreater, list))
    return {};
  return AttrT::get(parser.getContext(), list);
}

Attribute DimsAttr::parse(AsmParser &parser, Type) { return parseSizeListAttr<DimsAttr>(parser); }
Attribute SizesAttr::parse(AsmParser &parser, Type) { return parseSizeListAttr<SizesAttr>(parser); }

template <typename AttrT> static void printSizeListAttr(AsmPrinter &printer, AttrT attr) {
  printer << '<';
  printSizeList(printer.getStream(), attr.getContext(), attr.getValues());
  printer << '>';
}

void DimsAttr::print(AsmPrinter &printer) const { printSizeListAttr(printer, *this); }
void SizesAttr::print(AsmPrinter &printer) const { printSizeListAttr(printer, *this); }

ParseResult mlxir::parseSizes(OpAsmParser &parser, SizesAttr &sizes) {
  SmallVector<Size> list;
  if (parseSizeList(parser, AsmParser::Delimiter::Square, list))
    return failure();
  sizes = SizesAttr::get(parser.getContext(), list);
  return success();
}

void mlxir::printSizes(OpAsmPrinter &printer, Operation *op, SizesAttr sizes) {
  printer << '[';
  printSizeList(printer.getStream(), op->getContext(), sizes.getValues());
  printer << ']';
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

static int64_t toMlirDim(Size size) { return size.isConstant() ? size.value() : ShapedType::kDynamic; }

LogicalResult DimsAttr::verifyEncoding(ArrayRef<int64_t> shape, Type elementType,
                                       function_ref<InFlightDiagnostic()> emitError) const {
  if (shape.size() != getValues().size())
    return emitError() << "expected one size per dim, got " << getValues().size() << " for rank " << shape.size();
  bool anySymbolic = false;
  for (auto [dim, size] : llvm::zip_equal(shape, getValues())) {
    anySymbolic |= !size.isConstant();
    if (dim != toMlirDim(size))
      return emitError() << "expected sizes that agree with the type's dims, got " << *this;
  }
  if (!anySymbolic)
    return emitError() << "expected a symbolic size, got " << *this << "; dims that are all numbers need no encoding";
  return success();
}

SmallVector<Size> mlxir::getDims(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  if (auto dims = dyn_cast_or_null<DimsAttr>(tensor.getEncoding()))
    return llvm::to_vector(dims.getValues());
  return llvm::map_to_vector(tensor.getShape(), Size::constant);
}

SmallVector<Size> mlxir::getDims(Value value) { return getDims(value.getType()); }

RankedTensorType mlxir::getTensorType(ArrayRef<Size> dims, Type element) {
  SmallVector<int64_t> shape = llvm::map_to_vector(dims, toMlirDim);
  Attribute encoding;
  if (llvm::is_contained(shape, ShapedType::kDynamic))
    encoding = DimsAttr::get(element.getContext(), dims);
  return RankedTensorType::get(shape, element, encoding);
}

Type mlxir::getElementType(MLIRContext *context, DType dtype) {
  Builder b(context);
  unsigned bits = itemSize(dtype) * 8;
  switch (dtype) {
  case DType::Bool:
    return b.getI1Type();
  case DType::Float16:
    return b.getF16Type();
  case DType::BFloat16:
    return b.getBF16Type();
  case DType::Float32:
    return b.getF32Type();
  case DType::Float64:
    return b.getF64Type();
  case DType::Complex64:
    return ComplexType::get(b.getF32Type());
  default:
    return typeClass(dtype) == TypeClass::Unsigned ? b.getIntegerType(bits, /*isSigned=*/false)
                                                   : b.getIntegerType(bits);
  }
}

static std::optional<DType> toDType(IntegerType type) {
  bool isUnsigned = type.isUnsigned();
  switch (type.isSigned() ? 0 : type.getWidth()) {
  case 1:
    return isUnsigned ? std::nullopt : std::optional(DType::Bool);
  case 8:
    return isUnsigned ? DType::UInt8 : DType::Int8;
  case 16:
    return isUnsigned ? DType::UInt16 : DType::Int16;
  case 32:
    return isUnsigned ? DType::UInt32 : DType::Int32;
  case 64:
    return isUnsigned ? DType::UInt64 : DType::Int64;
  default:
    return std::nullopt;
  }
}

static std::optional<DType> toDType(Type type) {
  using Result = std::optional<DType>;
  return TypeSwitch<Type, Result>(getElementTypeOrSelf(type))
      .Case([](IntegerType integer) { return toDType(integer); })
      .Case([](Float16Type) { return Result(DType::Float16); })
      .Case([](BFloat16Type) { return Result(DType::BFloat16); })
      .Case([](Float32Type) { return Result(DType::Float32); })
      .Case([](Float64Type) { return Result(DType::Float64); })
      .Case([](ComplexType complex) { return complex.getElementType().isF32() ? Result(DType::Complex64) : Result(); })
      .Default(Result());
}

bool mlxir::isElementType(Type type) { return toDType(type).has_value(); }
bool mlxir::isArrayType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && isElementType(tensor) &&
         (tensor.getEncoding() ? isa<DimsAttr>(tensor.getEncoding()) : tensor.hasStaticShape());
}
DType mlxir::getDType(Type type) { return *toDType(type); }
TypeClass mlxir::getTypeClass(Type type) { return typeClass(getDType(type)); }

Type mlxir::getScalarType(Type element) {
  if (auto integer = dyn_cast<IntegerType>(element))
    return IntegerType::get(element.getContext(), integer.getWidth());
  return element;
}

mlxir::TensorType mlxir::toTensorType(Type type) {
  SmallVector<Size> dims = getDims(type);
  return {getDType(type), {dims.begin(), dims.end()}};
}

RankedTensorType mlxir::fromTensorType(MLIRContext *context, const mlxir::TensorType &type) {
  return getTensorType(type.dims, getElementType(context, type.dtype));
}
