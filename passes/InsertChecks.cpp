// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Adds results that say where a value is NaN or an index outside. It goes by interfaces: a check looks at results and
// at index operands, whatever the op is called.

#include "passes/InsertChecks.h"

#include "dialect/AttributeNames.h"
#include "dialect/Expr.h"
#include "passes/Decompose.h"
#include "passes/Program.h"

namespace mlxir {
#define GEN_PASS_DEF_INSERTCHECKS
#include "passes/InsertChecks.h.inc"
} // namespace mlxir

using namespace mlir;
using namespace mlxir;
using rules::Expr;

namespace {

constexpr char kFunction[] = "function", kLocation[] = "location", kType[] = "type", kAxis[] = "axis",
               kExtent[] = "extent";
/// Of a check that found nothing. A double holds it exactly.
constexpr double kNowhere = double(int64_t(1) << 62);

/// Public name of what the user called.
StringRef nameOf(ArrayOpInterface op) {
  if (StringAttr composite = getCompositeName(op))
    return composite;
  StringRef name = op.getOpInfo().publicName;
  return name.empty() ? StringRef(op.getOpInfo().name) : name;
}

class Inserter {
public:
  explicit Inserter(func::FuncOp function)
      : function(function), terminator(function.getBody().front().getTerminator()), builder(terminator) {}

  /// Only what computes can be the first to make a NaN.
  void checkResults(ArrayOpInterface op) {
    bool computes = op.getOpKind() != OpKind::Leaf && op.getOpKind() != OpKind::Move && op.getCost() != 0 &&
                    !isa<GatherOpInterface>(*op);
    if (!computes)
      return;
    for (Value result : op->getResults())
      if (rules::isFloatArray(result)) {
        Value wrong = IsNanOp::create(builder, op.getLoc(), result);
        add(op, wrong, result.getType(), {});
      }
  }

  void checkIndices(ArrayOpInterface op) {
    if (auto gather = dyn_cast<GatherOpInterface>(*op)) {
      SmallVector<GatherDim> index;
      gather.getGatherIndex(index);
      SmallVector<Size> dims = getDims(op->getOperand(gather.getIndexedOperand()));
      for (auto [axis, dim] : llvm::enumerate(index))
        if (dim.indexOperand >= 0)
          checkIndex(op, op->getOperand(dim.indexOperand), axis, dims[axis], dim.slice);
    } else if (auto scatter = dyn_cast<ScatterOpInterface>(*op)) {
      SmallVector<Size> dims = getDims(op->getOperand(scatter.getDestinationOperand()));
      SmallVector<Size> updates = getDims(op->getOperand(scatter.getUpdatesOperand()));
      ArrayRef<Size> slice = ArrayRef(updates).take_back(dims.size());
      for (auto [indices, axis] : llvm::zip(scatter.getIndexOperands(), scatter.getIndexedAxes()))
        checkIndex(op, indices, axis, dims[axis], slice[axis]);
    }
  }

  void finish() {
    if (values.empty())
      return;
    SmallVector<Value> results(terminator->getOperands());
    unsigned first = results.size();
    results.append(values);
    terminator->setOperands(results);
    function.setType(builder.getFunctionType(function.getArgumentTypes(), terminator->getOperandTypes()));
    SmallVector<DictionaryAttr> attributes;
    function.getAllResultAttrs(attributes);
    attributes.resize(results.size(), builder.getDictionaryAttr({}));
    for (auto [i, check] : llvm::enumerate(checks))
      attributes[first + i] = builder.getDictionaryAttr(builder.getNamedAttr(kCheckAttr, check));
    function.setAllResultAttrs(attributes);
  }

private:
  /// A slice of this extent must lie inside of the dim, wherever the index says.
  void checkIndex(ArrayOpInterface op, Value indices, int64_t axis, Size extent, Size slice) {
    Location loc = op.getLoc();
    Type type = indices.getType();
    if (getDType(type) != DType::Int64)
      indices = CastOp::create(builder, loc, indices, DType::Int64);
    Expr index(builder, loc, indices);
    Size starts;
    {
      SizesLock sizes(builder.getContext());
      starts = sizes->add(sizes->sub(extent, slice), Size::constant(1));
    }
    auto wide = cast<RankedTensorType>(indices.getType());
    Expr fromStart = rules::select(index < 0, index + rules::buildExtent(builder, loc, extent, wide), index);
    Expr outside = rules::logical_or(fromStart < 0,
                                     rules::greater_equal(fromStart, rules::buildExtent(builder, loc, starts, wide)));
    add(op, outside.get(), type,
        {builder.getNamedAttr(kAxis, builder.getI64IntegerAttr(axis)),
         builder.getNamedAttr(kExtent, SizesAttr::get(builder.getContext(), extent))});
  }

  /// One more result: the first position at which `wrong` is true.
  void add(ArrayOpInterface op, Value wrong, Type type, ArrayRef<NamedAttribute> extra) {
    Location loc = op.getLoc();
    SmallVector<Size> dims = getDims(wrong);
    Size elements;
    {
      SizesLock sizes(builder.getContext());
      elements = sizes->product(dims.begin(), dims.end());
    }
    Type position = builder.getI64Type();
    Value flat = wrong;
    if (dims.size() != 1)
      flat = ReshapeOp::create(builder, loc, getTensorType({elements}, builder.getI1Type()), wrong);
    Value positions = IotaOp::create(builder, loc, getTensorType({elements}, position), 0);
    Value nowhere = rules::buildSplat(builder, loc, kNowhere, positions.getType());
    Value found = SelectOp::create(builder, loc, flat, positions, nowhere);
    values.push_back(MinOp::create(builder, loc, found, ArrayRef<int64_t>{0}));
    SmallVector<NamedAttribute> entries(extra);
    entries.push_back(builder.getNamedAttr(kFunction, builder.getStringAttr(nameOf(op))));
    entries.push_back(builder.getNamedAttr(kLocation, LocationAttr(loc)));
    entries.push_back(builder.getNamedAttr(kType, TypeAttr::get(type)));
    checks.push_back(builder.getDictionaryAttr(entries));
  }

  func::FuncOp function;
  Operation *terminator;
  OpBuilder builder;
  SmallVector<Value> values;
  SmallVector<DictionaryAttr> checks;
};

struct InsertChecksPass : public mlxir::impl::InsertChecksBase<InsertChecksPass> {
  using InsertChecksBase::InsertChecksBase;

  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    if (failed(verifyProgram(getOperation())))
      return signalPassFailure();
    Inserter inserter(getOperation());
    SmallVector<ArrayOpInterface> ops(getOperation().getOps<ArrayOpInterface>());
    for (ArrayOpInterface op : ops) {
      if (bounds)
        inserter.checkIndices(op);
      if (nans)
        inserter.checkResults(op);
    }
    inserter.finish();
  }
};

} // namespace

std::optional<CheckInfo> mlxir::getCheck(func::FuncOp function, unsigned result) {
  auto check = function.getResultAttrOfType<DictionaryAttr>(result, kCheckAttr);
  if (!check)
    return std::nullopt;
  Type type = cast<TypeAttr>(check.get(kType)).getValue();
  CheckInfo info{check.contains(kExtent), cast<StringAttr>(check.get(kFunction)).getValue(),
                 Location(cast<LocationAttr>(check.get(kLocation))), getDType(type), getDims(type)};
  if (info.isIndex) {
    info.axis = cast<IntegerAttr>(check.get(kAxis)).getInt();
    info.extent = cast<SizesAttr>(check.get(kExtent)).getValues().front();
  }
  return info;
}
