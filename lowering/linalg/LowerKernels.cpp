// The one lowering of kernel bodies: from ops of the array dialect to stages of linalg.generic over one domain.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/linalg/LowerKernels.h"
#include "dialect/AttributeNames.h"
#include "dialect/Ops.h"
#include "dialect/kernel/Kernel.h"
#include "lowering/linalg/BodyBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace mlxir {

#define GEN_PASS_DEF_LOWERKERNELS
#include "lowering/linalg/LowerKernels.h.inc"

namespace {

/// An op that costs this much is kept for later stages of a row instead of computed again.
constexpr unsigned kKeepCost = 8;

class KernelLowering {
public:
  KernelLowering(func::FuncOp source, SizeArena &sizes) : source(source), b(source.getLoc(), source.getContext()) {
    kernel.sizes = &sizes;
    kernel.domain = getDims(cast<TypeAttr>(source->getAttr(kDomainAttr)).getValue());
    reduced.assign(kernel.domain.size(), false);
    for (int64_t dim : cast<DenseI64ArrayAttr>(source->getAttr(kReducedAttr)).asArrayRef())
      reduced[dim] = true;
  }

  LogicalResult run() {
    for (Operation &op : source.getBody().front())
      if (auto dims = op.getAttrOfType<DenseI64ArrayAttr>(kDimsAttr))
        roots.push_back(op.getResult(0));
    createFunction();
    if (auto scatter = dyn_cast<ScatterOpInterface>(roots[0].getDefiningOp())) {
      lowerScatter(scatter);
      return finish();
    }
    if (cast<ArrayOpInterface>(roots[0].getDefiningOp()).getOpKind() == OpKind::Opaque)
      return roots[0].getDefiningOp()->emitOpError("has no lowering to a kernel");
    auto contract = llvm::find_if(roots, [](Value v) { return isa<ContractOpInterface>(v.getDefiningOp()); });
    if (contract != roots.end()) {
      lowerContract(cast<ContractOpInterface>(contract->getDefiningOp()));
      lowerMaps(roots, /*withReduced=*/false);
    } else if (llvm::is_contained(reduced, true)) {
      lowerRows();
    } else {
      lowerMaps(roots, /*withReduced=*/false);
    }
    return finish();
  }

private:
  //===- The function -------------------------------------------------------===//

  void createFunction() {
    b.setInsertionPoint(source);
    SmallVector<Type> inputs, outputs;
    for (BlockArgument argument : source.getArguments()) {
      bool literal = bool(source.getArgAttr(argument.getArgNumber(), kLiteralAttr));
      inputs.push_back(literal ? memoryType(getElementTypeOrSelf(argument.getType()))
                               : memoryTensor(argument.getType()));
    }
    for (Type type : source.getResultTypes())
      outputs.push_back(memoryTensor(type));
    unsigned arrays = inputs.size(), numSymbols = 0;
    if (auto symbols = source->getAttrOfType<DenseI64ArrayAttr>(kSymbolsAttr))
      numSymbols = symbols.size();
    inputs.append(numSymbols, b.getIndexType());
    kernel.func = func::FuncOp::create(b, source.getName(), b.getFunctionType(inputs, outputs));
    kernel.func.setPrivate();
    kernel.func->setAttr(kDomainAttr, source->getAttr(kDomainAttr));
    Block *entry = kernel.func.addEntryBlock();
    for (unsigned i = 0; i < arrays; ++i)
      kernel.arguments[source.getArgument(i)] = entry->getArgument(i);
    for (unsigned i = 0; i < numSymbols; ++i) {
      kernel.func.setArgAttr(arrays + i, kSymbolAttr, b.getI64IntegerAttr(i));
      kernel.symbols.push_back(entry->getArgument(arrays + i));
    }
    b.setInsertionPointToStart(entry);
  }

  RankedTensorType memoryTensor(Type type) {
    return getTensorType(getDims(type), memoryType(getElementTypeOrSelf(type)));
  }

  SmallVector<int> dimsOf(Value root) {
    auto dims = root.getDefiningOp()->getAttrOfType<DenseI64ArrayAttr>(kDimsAttr);
    return SmallVector<int>(dims.asArrayRef().begin(), dims.asArrayRef().end());
  }

  Indices indicesAt(ArrayRef<int> dims) {
    Indices at;
    for (int dim : dims)
      at.push_back(dim < 0 ? Index::constant(Size::constant(0)) : Index::dim(dim));
    return at;
  }

  bool hasReduced(ArrayRef<int> dims) {
    return llvm::any_of(dims, [&](int dim) { return dim >= 0 && reduced[dim]; });
  }

  SmallVector<int> loopsOf(bool withReduced) {
    SmallVector<int> loops;
    for (unsigned dim = 0; dim < kernel.domain.size(); ++dim)
      if (withReduced || !reduced[dim])
        loops.push_back(dim);
    return loops;
  }

  BodyBuilder::Result mapResult(BodyBuilder &body, Value value, SmallVector<int> dims) {
    Type element = getElementTypeOrSelf(value.getType());
    return {body.element(value, indicesAt(dims)), getDims(value), dims, memoryType(element), {}};
  }

  //===- Maps ---------------------------------------------------------------===//

  /// Is the value the same as what a stage has left in memory: nothing to do but return it?
  bool isStored(Value root) {
    auto done = kernel.computed.find(root);
    return done != kernel.computed.end() && done->second.finished;
  }

  /// One stage for all of these values that are not yet stored.
  void lowerMaps(ArrayRef<Value> values, bool withReduced) {
    SmallVector<Value> todo;
    for (Value value : values)
      if (!isStored(value) && isOutput(value))
        todo.push_back(value);
    if (todo.empty())
      return;
    BodyBuilder body(kernel, b, loopsOf(withReduced));
    SmallVector<BodyBuilder::Result> results;
    for (Value value : todo)
      results.push_back(mapResult(body, value, dimsOf(value)));
    linalg::GenericOp stage = body.finish(results, reduced);
    for (auto [value, tensor] : llvm::zip(todo, stage.getResults()))
      kernel.computed[value] = {{tensor}, dimsOf(value), true};
  }

  bool isOutput(Value value) {
    return llvm::is_contained(source.getBody().front().getTerminator()->getOperands(), value);
  }

  //===- Rows ---------------------------------------------------------------===//

  /// How many reductions, one after the other, come before the value.
  unsigned level(Value value) {
    Operation *op = value.getDefiningOp();
    if (!op)
      return 0;
    auto [entry, isNew] = levels.try_emplace(op, 0);
    if (!isNew)
      return entry->second;
    unsigned deepest = 0;
    for (Value operand : op->getOperands())
      deepest = std::max(deepest, level(operand) + (operand.getDefiningOp<ReduceOpInterface>() ? 1 : 0));
    return levels[op] = deepest;
  }

  void lowerRows() {
    unsigned last = 0;
    for (Value root : roots)
      last = std::max(last, level(root));
    for (unsigned now = 0; now <= last; ++now) {
      SmallVector<Value> reductions, rows, perRow;
      for (Value root : roots) {
        if (level(root) != now)
          continue;
        if (isa<ReduceOpInterface>(root.getDefiningOp()))
          reductions.push_back(root);
        else
          (hasReduced(dimsOf(root)) ? rows : perRow).push_back(root);
      }
      lowerLevel(now, reductions, rows);
      lowerMaps(perRow, /*withReduced=*/false);
    }
    SmallVector<Value> unfinished; // reductions that are results and differ from their accumulators
    for (Value root : roots)
      if (isa<ReduceOpInterface>(root.getDefiningOp()))
        unfinished.push_back(root);
    lowerMaps(unfinished, /*withReduced=*/false);
  }

  /// Expensive values over whole rows that this level computes and a later one needs.
  SmallVector<Value> keptValues(unsigned now) {
    SmallVector<Value> kept;
    for (Operation &op : source.getBody().front()) {
      auto array = dyn_cast<ArrayOpInterface>(op);
      if (!array || array.getOpKind() != OpKind::Map || array.getCost() < kKeepCost || level(op.getResult(0)) != now ||
          kernel.computed.count(op.getResult(0)) || op.hasAttr(kDimsAttr))
        continue;
      SmallVector<int> dims;
      if (isReadNow(op.getResult(0), now) && isReadLater(op.getResult(0), now) && rowDims(op.getResult(0), dims)) {
        kept.push_back(op.getResult(0));
        keptDims[op.getResult(0)] = dims;
      }
    }
    return kept;
  }
  bool isReadNow(Value value, unsigned now) {
    return llvm::any_of(value.getUsers(),
                        [&](Operation *user) { return user->getNumResults() && level(user->getResult(0)) == now; });
  }
  bool isReadLater(Value value, unsigned now) {
    SmallPtrSet<Operation *, 16> seen;
    SmallVector<Value> work{value};
    while (!work.empty())
      for (Operation *user : work.pop_back_val().getUsers()) {
        if (!user->getNumResults() || !seen.insert(user).second)
          continue;
        if (level(user->getResult(0)) > now)
          return true;
        if (!isa<ReduceOpInterface>(user))
          work.push_back(user->getResult(0));
      }
    return false;
  }
  /// The domain dims of a value in the middle of a row, if it has the shape of the domain.
  bool rowDims(Value value, SmallVectorImpl<int> &dims) {
    if (!llvm::equal(getDims(value), kernel.domain))
      return false;
    for (unsigned i = 0; i < kernel.domain.size(); ++i)
      dims.push_back(i);
    return true;
  }

  /// The stage over whole rows: this level's reductions, and maps that later levels or the caller want.
  void lowerLevel(unsigned now, ArrayRef<Value> reductions, ArrayRef<Value> rows) {
    if (reductions.empty() && rows.empty())
      return;
    // Values that the caller wants come first, in a stage of their own: reductions then read them, unrolled as they
    // are.
    if (!reductions.empty() && !rows.empty()) {
      lowerMaps(rows, /*withReduced=*/true);
      rows = {};
    }
    BodyBuilder body(kernel, b, loopsOf(/*withReduced=*/true));
    SmallVector<BodyBuilder::Result> results;
    SmallVector<Value> stored;
    for (Value value : rows) {
      results.push_back(mapResult(body, value, dimsOf(value)));
      stored.push_back(value);
    }
    if (!reductions.empty())
      for (Value value : keptValues(now)) {
        results.push_back(mapResult(body, value, keptDims[value]));
        stored.push_back(value);
      }
    SmallVector<SmallVector<Value>> lifted;
    for (Value value : reductions)
      lifted.push_back(lift(body, cast<ReduceOpInterface>(value.getDefiningOp())));
    for (auto [value, accumulators] : llvm::zip(reductions, lifted))
      combine(body, cast<ReduceOpInterface>(value.getDefiningOp()), accumulators, results);
    linalg::GenericOp stage = body.finish(results, reduced);
    unsigned next = 0;
    for (Value value : stored)
      kernel.computed[value] = {
          {stage.getResult(next++)}, keptDims.count(value) ? keptDims[value] : dimsOf(value), true};
    for (auto [value, accumulators] : llvm::zip(reductions, lifted)) {
      LoweredKernel::Computed done{{}, dimsOf(value), finishesUnchanged(value, accumulators)};
      for (unsigned i = 0; i < accumulators.size(); ++i)
        done.tensors.push_back(stage.getResult(next++));
      kernel.computed[value] = std::move(done);
    }
  }

  /// Is the accumulator the result already?
  bool finishesUnchanged(Value value, ArrayRef<Value> accumulators) {
    return accumulators.size() == 1 && accumulators[0].getType() == memoryType(getElementTypeOrSelf(value.getType()));
  }

  SmallVector<Value> lift(BodyBuilder &body, ReduceOpInterface op) {
    Value operand = op->getOperand(0);
    SmallVector<int> result = dimsOf(op->getResult(0)), dims;
    SmallVector<int64_t> axes = op.getReducedAxes();
    SmallVector<Size> shape = getDims(operand);
    unsigned next = 0, nextReduced = 0;
    for (unsigned i = 0; i < shape.size(); ++i) {
      if (!llvm::is_contained(axes, int64_t(i))) {
        dims.push_back(result[next++]);
        continue;
      }
      while (!reduced[nextReduced])
        ++nextReduced;
      dims.push_back(nextReduced++);
    }
    Indices at = indicesAt(dims);
    Value x = body.element(operand, at);
    Index position = Index::constant(Size::constant(0));
    for (int64_t axis : axes)
      position = sum(*kernel.sizes, scale(*kernel.sizes, position, shape[axis], Size::constant(0)), at[axis]);
    SmallVector<Value> lifted;
    op.buildLift(body.b, b.getLoc(), x, body.indexValue(position), lifted);
    return lifted;
  }

  /// Adds one result per accumulator. A marker keeps what is taken in apart from what is folded (llvm-cpu/Emitter.h).
  void combine(BodyBuilder &body, ReduceOpInterface op, SmallVectorImpl<Value> &lifted,
               SmallVectorImpl<BodyBuilder::Result> &results) {
    SmallVector<Value> identity, arguments, marked, next;
    op.buildIdentity(body.b, b.getLoc(), identity);
    for (Value value : lifted) {
      arguments.push_back(body.accumulator(value.getType()));
      auto marker = UnrealizedConversionCastOp::create(body.b, value.getType(), value);
      marker->setAttr(kAccumulatorAttr, b.getI64IntegerAttr(results.size() + marked.size()));
      marked.push_back(marker.getResult(0));
    }
    op.buildCombine(body.b, b.getLoc(), arguments, marked, next);
    for (auto [value, zero] : llvm::zip(next, identity)) {
      TypedAttr attr;
      matchPattern(zero, m_Constant(&attr));
      results.push_back({value, getDims(op->getResult(0)), dimsOf(op->getResult(0)), value.getType(), attr});
    }
  }

  //===- Contractions -------------------------------------------------------===//

  void lowerContract(ContractOpInterface op) {
    Value value = op->getResult(0);
    Type element = getElementTypeOrSelf(value.getType());
    Type accumulator = element.isF16() || element.isBF16() ? b.getF32Type() : getScalarType(element);
    SmallVector<int> lhsDims, rhsDims;
    operandDims(op, lhsDims, rhsDims);
    lowerOperand(op->getOperand(0), lhsDims);
    lowerOperand(op->getOperand(1), rhsDims);

    SmallVector<int> loops = loopsOf(/*withReduced=*/true), resultDims;
    for (unsigned i = 0; i < getDims(value).size(); ++i)
      resultDims.push_back(i);
    BodyBuilder body(kernel, b, loops);
    SmallVector<Value> factors;
    for (unsigned i = 0; i < 2; ++i) {
      Value scalar = body.element(op->getOperand(i), indicesAt(i == 0 ? lhsDims : rhsDims));
      if (isa<FloatType>(accumulator) && scalar.getType() != accumulator)
        scalar = arith::ExtFOp::create(body.b, accumulator, scalar);
      factors.push_back(scalar);
    }
    bool isFloat = isa<FloatType>(accumulator);
    Value product = isFloat ? Value(arith::MulFOp::create(body.b, factors[0], factors[1]))
                            : Value(arith::MulIOp::create(body.b, factors[0], factors[1]));
    linalg::GenericOp stage =
        body.finish({sumOf(body, product, value, resultDims, !op.getLhsContracting().empty())}, reduced);
    kernel.computed[value] = {{stage.getResult(0)}, resultDims, accumulator == getScalarType(element)};
  }

  /// The contraction's one result: a sum of products, or the product alone where nothing is summed.
  BodyBuilder::Result sumOf(BodyBuilder &body, Value product, Value value, ArrayRef<int> dims, bool isSum) {
    Type type = product.getType();
    if (!isSum)
      return {product, getDims(value), SmallVector<int>(dims), type, {}};
    Value sum = body.accumulator(type);
    auto marker = UnrealizedConversionCastOp::create(body.b, type, product);
    marker->setAttr(kAccumulatorAttr, b.getI64IntegerAttr(0));
    Value next = isa<FloatType>(type) ? Value(arith::AddFOp::create(body.b, sum, marker.getResult(0)))
                                      : Value(arith::AddIOp::create(body.b, sum, marker.getResult(0)));
    return {next, getDims(value), SmallVector<int>(dims), type, cast<TypedAttr>(b.getZeroAttr(type))};
  }

  /// The domain dims of the operands' dims: the result's dims (batch, left, right), then the contracted ones.
  void operandDims(ContractOpInterface op, SmallVectorImpl<int> &lhsDims, SmallVectorImpl<int> &rhsDims) {
    unsigned lhsRank = getDims(op->getOperand(0)).size(), rhsRank = getDims(op->getOperand(1)).size();
    lhsDims.assign(lhsRank, -1);
    rhsDims.assign(rhsRank, -1);
    int next = 0, contracted = getDims(op->getResult(0)).size();
    for (auto [l, r] : llvm::zip(op.getLhsBatch(), op.getRhsBatch()))
      lhsDims[l] = rhsDims[r] = next++;
    for (auto [l, r] : llvm::zip(op.getLhsContracting(), op.getRhsContracting()))
      lhsDims[l] = rhsDims[r] = contracted++;
    for (int &dim : lhsDims)
      if (dim < 0)
        dim = next++;
    for (int &dim : rhsDims)
      if (dim < 0)
        dim = next++;
  }

  /// An operand that is computed: a stage of its own before the contraction, which reads it as it packs.
  void lowerOperand(Value value, ArrayRef<int> dims) {
    if (isMove(value) || kernel.computed.count(value))
      return;
    SmallVector<int> loops(dims);
    llvm::sort(loops);
    BodyBuilder body(kernel, b, loops);
    linalg::GenericOp stage = body.finish({mapResult(body, value, SmallVector<int>(dims))}, reduced);
    kernel.computed[value] = {{stage.getResult(0)}, SmallVector<int>(dims), true};
  }
  /// Only rearranged: the contraction's own indexing map can say it.
  bool isMove(Value value) {
    SmallVector<Size> shape = getDims(value);
    Indices at = identityIndices(shape.size());
    while (Operation *op = value.getDefiningOp()) {
      std::optional<Indices> source = isRearrangement(op) ? operandIndices(op, 0, at, *kernel.sizes) : std::nullopt;
      if (!source)
        return false;
      at = std::move(*source);
      value = op->getOperand(0);
    }
    // Repeated along a dim, it would look like an operand without that dim, and the product be summed as another one.
    return llvm::all_of(llvm::seq<int>(shape.size()), [&](int dim) {
      return shape[dim] == Size::constant(1) || llvm::any_of(at, [&](const Index &index) {
               return llvm::any_of(index.terms, [&](const Index::Term &term) { return term.dim == dim; });
             });
    });
  }

  //===- Scatter ------------------------------------------------------------===//

  void lowerScatter(ScatterOpInterface op) {
    auto memory = [&](Value value) { return kernel.arguments.lookup(value); };
    SmallVector<Value> indices;
    bool isUnsigned = false;
    for (Value index : op.getIndexOperands()) {
      indices.push_back(memory(index));
      isUnsigned = getTypeClass(index.getType()) == TypeClass::Unsigned;
    }
    Value destination = memory(op->getOperand(op.getDestinationOperand()));
    auto scatter = kernel::ScatterOp::create(b, destination.getType(), memory(op->getOperand(op.getUpdatesOperand())),
                                             indices, destination, op.getIndexedAxes(), isUnsigned);
    Type element = getElementTypeOrSelf(destination.getType());
    Block *body = b.createBlock(&scatter.getCombine(), {}, {element, element}, {b.getLoc(), b.getLoc()});
    Value update = op.buildUpdate(b, b.getLoc(), body->getArgument(0), body->getArgument(1));
    kernel::YieldOp::create(b, update);
    b.setInsertionPointAfter(scatter);
    kernel.computed[op->getResult(0)] = {{scatter.getResult()}, dimsOf(op->getResult(0)), true};
  }

  LogicalResult finish() {
    SmallVector<Value> results;
    for (Value value : source.getBody().front().getTerminator()->getOperands()) {
      auto done = kernel.computed.find(value);
      if (done == kernel.computed.end() || !done->second.finished)
        return source.emitError("a result of the kernel has no stage that computes it");
      results.push_back(done->second.tensors[0]);
    }
    func::ReturnOp::create(b, results);
    source.erase();
    return success(!kernel.failed);
  }

  func::FuncOp source;
  ImplicitLocOpBuilder b;
  LoweredKernel kernel;
  SmallVector<bool> reduced;
  SmallVector<Value> roots;
  DenseMap<Operation *, unsigned> levels;
  DenseMap<Value, SmallVector<int>> keptDims;
};

struct LowerKernels : impl::LowerKernelsBase<LowerKernels> {
  void runOnOperation() override {
    SizesLock sizes(&getContext());
    for (func::FuncOp func : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      if (func->hasAttr(kKernelAttr) && failed(KernelLowering(func, *sizes).run()))
        return signalPassFailure();
  }
};

} // namespace
} // namespace mlxir
