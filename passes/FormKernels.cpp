// Kernel forming: which values are written to memory, and which kernel writes each.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "passes/FormKernels.h"

#include "dialect/AttributeNames.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace mlxir {

namespace {

/// A kernel that recomputes a value pays for its ops; beyond this it is cheaper to write the value and read it back.
constexpr unsigned kRecomputeCost = 16;
/// A reduction evaluates its operand in unrolled loops, and a row kernel may do so in several: longer operands are
/// written first.
constexpr unsigned kReducedCost = 64;
/// Cheaper limits where there is little to gain: operands that are evaluated while a contraction packs them are
/// evaluated several times, and small values cost a launch at most.
constexpr unsigned kPackingCost = 2;
constexpr unsigned kSmallValueCost = 8;
constexpr unsigned kSmallValueLeaves = 2; // a chain of additions must not grow with the number of layers
constexpr int64_t kSmallValue = 4096;
/// Bodies are compiled by recursion over the ops of a value, and LLVM's time grows with a kernel: longer chains are
/// cut, at the price of writing a value and reading it back, and what would make a kernel too large becomes one of its
/// own.
constexpr unsigned kLargestKernel = 640;
/// What counts there, about in tens of operations of generated code for each width of vectors: a reduction has loops of
/// its own and the fold of its lanes, a transcendental function is a polynomial with its special cases.
constexpr unsigned kReductionSize = 96, kTranscendentalSize = 64, kTranscendentalCost = 8;
/// Longer polynomials, and twice the vectors.
constexpr unsigned kDoubleTranscendentalSize = 256;
/// How far back a kernel of the same shape is looked for.
constexpr unsigned kNeighbourhood = 8;
/// Rows below which a map and a reduction after it stay apart: one row is one work item.
constexpr int64_t kMinRows = 64;

OpKind kindOf(Operation *op) {
  auto array = dyn_cast_or_null<ArrayOpInterface>(op);
  return array ? array.getOpKind() : OpKind::Opaque;
}

Value viewBase(Value value) {
  while (isReshape(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

bool isCloneable(Operation *op) {
  OpKind kind = kindOf(op);
  return kind == OpKind::Map || kind == OpKind::Leaf || kind == OpKind::Move;
}

/// A Python number, which kernels get by value.
bool isNumber(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  auto func = argument ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()) : nullptr;
  return func && func.getArgAttr(argument.getArgNumber(), kLiteralAttr);
}

int64_t typicalElements(Value value, SizeArena &sizes) {
  int64_t elements = 1;
  for (Size size : getDims(value)) {
    int64_t extent = 1024;
    sizes.sampleValue(size, extent);
    elements *= extent;
  }
  return elements;
}

} // namespace

KernelFormer::KernelFormer(func::FuncOp func, SizeArena &sizes) : func(func), sizes(sizes) {}

void KernelFormer::run() {
  findRoots();
  do
    assign();
  while (promoteShared() || promoteReduced());
}

bool KernelFormer::isMaterialized(Value value) const {
  Value base = viewBase(value);
  return isa<BlockArgument>(base) || roots.contains(base);
}

bool KernelFormer::isView(Value value) const { return isReshape(value.getDefiningOp()); }
Value KernelFormer::baseOf(Value value) const { return viewBase(value); }

//===- Cones ---------------------------------------------------------------===//

/// Calls `leaf` for everything in memory that the value at `at` is computed from, itself if it is in memory.
void KernelFormer::visitLeaves(Value value, const Indices &at, Visit leaf) {
  Seen seen;
  visitLeaves(value, at, leaf, seen);
}

void KernelFormer::visitOperands(Operation *op, const Indices &at, Visit leaf) {
  Seen seen;
  visitOperands(op, at, leaf, seen);
}

void KernelFormer::visitLeaves(Value value, const Indices &at, Visit leaf, Seen &seen) {
  auto &indices = seen[value];
  if (llvm::is_contained(indices, at))
    return;
  indices.push_back(at);
  Operation *op = value.getDefiningOp();
  if (!op || roots.contains(value))
    return leaf(value, at);
  visitOperands(op, at, leaf, seen);
}

void KernelFormer::visitOperands(Operation *op, const Indices &at, Visit leaf, Seen &seen) {
  if (auto pieces = dyn_cast<PieceOpInterface>(op)) {
    SmallVector<PieceAt, 0> parts;
    piecesAt(pieces, at, sizes, parts);
    for (const PieceAt &part : parts)
      visitLeaves(part.operand, part.index, leaf, seen);
    return;
  }
  auto gather = dyn_cast<GatherOpInterface>(op);
  for (OpOperand &operand : op->getOpOperands()) {
    unsigned number = operand.getOperandNumber();
    if (gather && number == gather.getIndexedOperand())
      leaf(operand.get(), {}); // read anywhere
    else if (std::optional<Indices> source = operandIndices(op, number, at, sizes))
      visitLeaves(operand.get(), *source, leaf, seen);
    else
      leaf(op->getResult(0), at); // a view of memory: its operand is a root
  }
}

unsigned KernelFormer::coneCost(Value value, SmallPtrSetImpl<Operation *> &seen) {
  Operation *op = value.getDefiningOp();
  if (!op || roots.contains(value) || !isCloneable(op) || !seen.insert(op).second)
    return 0;
  unsigned cost = cast<ArrayOpInterface>(op).getCost();
  for (Value operand : op->getOperands())
    cost += coneCost(operand, seen);
  return cost;
}

/// The code that an op takes in a kernel.
static unsigned codeSize(Operation *op) {
  if (kindOf(op) == OpKind::Reduce)
    return kReductionSize;
  unsigned cost = isCloneable(op) ? cast<ArrayOpInterface>(op).getCost() : 0;
  if (cost < kTranscendentalCost)
    return 1 + cost;
  bool isDouble = getElementTypeOrSelf(op->getResult(0).getType()).isF64();
  return 1 + (isDouble ? kDoubleTranscendentalSize : kTranscendentalSize);
}

/// The code of a kernel that computes the op's result.
unsigned KernelFormer::coneSize(Operation *op) {
  SmallPtrSet<Operation *, 8> seen;
  for (Value operand : op->getOperands())
    coneCost(operand, seen);
  unsigned size = codeSize(op);
  for (Operation *part : seen)
    size += codeSize(part);
  return size;
}

/// How many tensors of about the value's own size are read to compute it.
unsigned KernelFormer::bigLeaves(Value value) {
  SmallPtrSet<void *, 8> leaves;
  int64_t elements = typicalElements(value, sizes);
  visitOperands(value.getDefiningOp(), identityIndices(getDims(value).size()), [&](Value leaf, const Indices &) {
    if (2 * typicalElements(leaf, sizes) > elements)
      leaves.insert(leaf.getAsOpaquePointer());
  });
  return leaves.size();
}

//===- Roots ---------------------------------------------------------------===//

/// May a contraction evaluate this operand while it packs it?
bool KernelFormer::isFreeOperand(Value value) {
  Value base = viewBase(value);
  if (isMaterialized(base))
    return true;
  SmallPtrSet<Operation *, 8> seen;
  if (coneCost(value, seen) > kPackingCost)
    return false;
  for (Operation *op : seen)
    if (isa<PieceOpInterface, GatherOpInterface>(op))
      return false;
  return bigLeaves(base) <= 1;
}

/// A piece is evaluated at an index of its own, apart from all else: pieces of pieces would double with each level.
bool KernelFormer::isCheapPiece(Value value) {
  SmallPtrSet<Operation *, 8> seen;
  return isMaterialized(viewBase(value)) ||
         (coneCost(value, seen) <= kRecomputeCost &&
          llvm::none_of(seen, [](Operation *op) { return isa<PieceOpInterface>(op); }));
}

/// The product that a value is, or is with its dims in another order, if nothing else reads it.
Operation *KernelFormer::productOf(Value value) {
  Indices at = identityIndices(getDims(value).size());
  while (Operation *op = value.hasOneUse() ? value.getDefiningOp() : nullptr) {
    if (kindOf(op) == OpKind::Contract)
      return op;
    bool moves = isa<MapOpInterface>(op) && isRearrangement(op);
    std::optional<Indices> source = moves ? operandIndices(op, 0, at, sizes) : std::nullopt;
    llvm::SmallDenseSet<int> dims;
    if (source)
      for (const Index &index : *source)
        dims.insert(index.asDim());
    if (dims.size() != at.size() || source->size() != at.size() || dims.contains(-1))
      return nullptr;
    at = *source;
    value = op->getOperand(0);
  }
  return nullptr;
}

/// Does the op put a product that nothing else reads together with something of its size that is at hand? The product's
/// kernel then writes this value in the product's place: that is no more traffic, and sums over layers are cut at every
/// layer. Whoever reads one would otherwise read the products of all layers.
bool KernelFormer::isEpilogue(Operation *op) {
  if (!isa<MapOpInterface>(op) || isa<GatherOpInterface, PieceOpInterface>(op))
    return false;
  // In memory, or written soon since several read it, or next to nothing to compute for each element of the product.
  auto isAtHand = [&](Value value) {
    SmallPtrSet<Operation *, 8> seen;
    return isMaterialized(value) || (!value.hasOneUse() && bigLeaves(value) > 1) ||
           coneCost(value, seen) <= kPackingCost;
  };
  Indices at = identityIndices(getDims(op->getResult(0)).size());
  int64_t elements = typicalElements(op->getResult(0), sizes);
  return llvm::any_of(op->getOpOperands(), [&](OpOperand &operand) {
    Operation *product = productOf(operand.get());
    if (!product || operandIndices(op, operand.getOperandNumber(), at, sizes) != at)
      return false;
    for (OpOperand &other : op->getOpOperands())
      if (&other != &operand && !isAtHand(other.get()))
        return false;
    bool comesLast = true, readsMore = false;
    visitOperands(op, at, [&](Value leaf, const Indices &) {
      Operation *producer = viewBase(leaf).getDefiningOp();
      comesLast &= !producer || producer == product || producer->isBeforeInBlock(product);
      readsMore |= producer != product && 2 * typicalElements(leaf, sizes) > elements;
    });
    return comesLast && readsMore;
  });
}

void KernelFormer::findRoots() {
  auto root = [&](Value value) {
    value = viewBase(value);
    if (value.getDefiningOp())
      roots.insert(value);
  };
  // Operands' bounds are added, though their cones may overlap: only a bound that is too high is worth counting.
  DenseMap<Value, unsigned> bounds;
  for (Operation &op : func.getBody().front()) {
    if (isCloneable(&op)) {
      unsigned bound = codeSize(&op);
      for (Value operand : op.getOperands())
        bound += roots.contains(operand) ? 0 : bounds.lookup(operand);
      if (bound > kLargestKernel)
        bound = coneSize(&op);
      if (bound > kLargestKernel || isEpilogue(&op))
        root(op.getResult(0));
      bounds[op.getResult(0)] = bound;
    }
    switch (kindOf(&op)) {
    case OpKind::Contract:
      for (Value operand : op.getOperands())
        if (!isFreeOperand(operand))
          root(operand);
      break;
    case OpKind::Opaque: // includes the return
    case OpKind::Region:
      for (Value operand : op.getOperands())
        root(operand);
      break;
    default:
      break;
    }
    if (auto gather = dyn_cast<GatherOpInterface>(op))
      root(op.getOperand(gather.getIndexedOperand()));
    if (auto pieces = dyn_cast<PieceOpInterface>(op)) {
      SmallVector<Piece> parts;
      pieces.getPieces(parts);
      for (const Piece &part : parts) {
        Value operand = op.getOperand(part.operand);
        if (!part.steps.empty() || !isCheapPiece(operand))
          root(operand);
      }
    }
    if (isReshape(&op) && !operandIndices(&op, 0, identityIndices(getDims(op.getResult(0)).size()), sizes))
      root(op.getOperand(0));
    if (!isCloneable(&op))
      for (Value result : op.getResults())
        roots.insert(result);
  }
}

/// Values that several kernels would compute again at too high a price become roots. Last ones first: a root cuts
/// off everything before it.
bool KernelFormer::promoteShared() {
  DenseMap<Operation *, llvm::SmallDenseSet<unsigned, 2>> consumers;
  unsigned next = groups.size();
  bool changed = false;
  for (Operation &op : llvm::reverse(func.getBody().front())) {
    if (op.getNumResults() != 1)
      continue;
    Value value = op.getResult(0);
    llvm::SmallDenseSet<unsigned, 2> ids = consumers.lookup(&op);
    if (isCloneable(&op) && !isReshape(&op) && kindOf(&op) != OpKind::Leaf && !roots.contains(value) &&
        ids.size() > 1) {
      SmallPtrSet<Operation *, 8> seen;
      unsigned cost = coneCost(value, seen);
      bool small = typicalElements(value, sizes) <= kSmallValue;
      unsigned limit = small ? kSmallValueCost : kRecomputeCost, leaves = small ? kSmallValueLeaves : 1;
      if (cost >= limit || (cost > 0 && bigLeaves(value) > leaves)) {
        roots.insert(value);
        changed = true;
        groupOf[value] = next++;
      }
    }
    if (roots.contains(value))
      ids = {groupOf.lookup(value)};
    for (Value operand : op.getOperands())
      if (Operation *producer = operand.getDefiningOp())
        consumers[producer].insert(ids.begin(), ids.end());
  }
  return changed;
}

/// Operands that are too long to be evaluated in a reduction become roots. First ones first, and once no more values
/// are shared: what a chain has before the last root must not count, however many layers of it there are.
bool KernelFormer::promoteReduced() {
  bool changed = false;
  for (auto reduce : func.getBody().front().getOps<ReduceOpInterface>()) {
    SmallPtrSet<Operation *, 8> seen;
    Value operand = viewBase(reduce->getOperand(0));
    if (!isMaterialized(operand) && coneCost(operand, seen) > kReducedCost)
      changed |= roots.insert(operand);
  }
  return changed;
}

//===- Groups --------------------------------------------------------------===//

void KernelFormer::assign() {
  groups.clear();
  groupOf.clear();
  for (Operation &op : func.getBody().front())
    if (op.getNumResults() && roots.contains(op.getResult(0)))
      place(&op);
}

/// The last group whose results the op needs; -1 if it only needs arguments.
int KernelFormer::latestGroup(Operation *op) {
  int latest = -1;
  auto see = [&](Value leaf, const Indices &) {
    auto found = groupOf.find(viewBase(leaf));
    if (found != groupOf.end())
      latest = std::max(latest, int(found->second));
  };
  if (isCloneable(op))
    visitOperands(op, identityIndices(getDims(op->getResult(0)).size()), see);
  else
    for (Value operand : op->getOperands())
      visitLeaves(operand, identityIndices(getDims(operand).size()), see);
  return latest;
}

void KernelFormer::place(Operation *op) {
  Value value = op->getResult(0);
  int latest = latestGroup(op);
  auto reduce = dyn_cast<ReduceOpInterface>(op);
  bool map = isCloneable(op);
  unsigned first = groups.size() > kNeighbourhood ? groups.size() - kNeighbourhood : 0;
  unsigned size = coneSize(op);
  SmallVector<unsigned, 8> candidates;
  if (latest >= 0)
    candidates.push_back(latest);
  for (unsigned i = groups.size(); i > std::max(first, unsigned(latest + 1)); --i)
    candidates.push_back(i - 1);
  for (unsigned candidate : candidates)
    if (groups[candidate].size + size <= kLargestKernel &&
        ((map && joinMap(candidate, value)) || (reduce && joinReduce(candidate, reduce)))) {
      groups[candidate].size += size;
      groupOf[value] = candidate;
      return;
    }
  KernelGroup group;
  group.size = size;
  KernelGroup::Root root{value, {}};
  group.domain = getDims(value);
  if (reduce) {
    group.kind = KernelKind::Row;
    group.domain = getDims(op->getOperand(0));
    group.reduced.assign(group.domain.size(), false);
    for (int64_t axis : reduce.getReducedAxes())
      group.reduced[axis] = true;
    for (unsigned i = 0; i < group.domain.size(); ++i)
      if (!group.reduced[i])
        root.dims.push_back(i);
  } else {
    for (unsigned i = 0; i < group.domain.size(); ++i)
      root.dims.push_back(i);
    if (auto contract = dyn_cast<ContractOpInterface>(op)) {
      group.kind = KernelKind::Contract;
      SmallVector<Size> lhs = getDims(op->getOperand(0));
      group.reduced.assign(group.domain.size(), false);
      for (int64_t dim : contract.getLhsContracting()) {
        group.domain.push_back(lhs[dim]);
        group.reduced.push_back(true);
      }
    } else if (!map) {
      group.kind = KernelKind::Opaque;
    }
    group.reduced.resize(group.domain.size(), false);
  }
  group.roots.push_back(std::move(root));
  groupOf[value] = groups.size();
  groups.push_back(std::move(group));
}

/// Finds the domain dim of each of `value`'s dims, so that every result of the group which it reads is read at the very
/// element that the same work item computes. `shape` is the value's shape, `at` the identity on it.
bool KernelFormer::matchDims(const KernelGroup &group, Value value, ArrayRef<Size> shape, const Indices &at,
                             SmallVectorImpl<int> &dims) {
  dims.assign(shape.size(), -1);
  SmallVector<bool> used(group.domain.size(), false);
  unsigned index = &group - groups.data();
  bool fits = true, reads = false;
  SmallPtrSet<void *, 8> leaves;
  visitLeaves(value, at, [&](Value leaf, const Indices &access) {
    if (!isNumber(leaf))
      leaves.insert(viewBase(leaf).getAsOpaquePointer());
    auto found = groupOf.find(viewBase(leaf));
    if (found == groupOf.end() || found->second != index)
      return;
    const auto *root = llvm::find_if(group.roots, [&](const auto &r) { return r.value == leaf; });
    if (root == group.roots.end() || access.size() != root->dims.size()) {
      fits = false; // read through a view, or anywhere
      return;
    }
    reads = true;
    for (auto [i, dim] : llvm::enumerate(root->dims)) {
      if (dim < 0)
        continue;
      int own = access[i].asDim();
      if (own < 0 || shape[own] != group.domain[dim] || (dims[own] >= 0 && dims[own] != dim) ||
          (dims[own] < 0 && used[dim])) {
        fits = false;
        return;
      }
      dims[own] = dim;
      used[dim] = true;
    }
  });
  if (!fits)
    return false;
  if (!reads) {
    // Neighbours: the same shape, and something read in common. A number costs nothing to read, and would make
    // neighbours of layers that are near each other by chance.
    bool common = false;
    for (const KernelGroup::Root &root : group.roots) {
      Operation *op = root.value.getDefiningOp();
      auto see = [&](Value leaf, const Indices &) { common |= leaves.contains(viewBase(leaf).getAsOpaquePointer()); };
      if (isCloneable(op))
        visitOperands(op, identityIndices(getDims(root.value).size()), see);
      else
        for (Value operand : op->getOperands())
          visitLeaves(operand, identityIndices(getDims(operand).size()), see);
    }
    if (!common || group.kind == KernelKind::Contract || !llvm::equal(shape, group.domain))
      return false;
    for (unsigned i = 0; i < shape.size(); ++i)
      dims[i] = i;
    return true;
  }
  // Dims that no result of the group has are the group's reduced ones, in order: all of them or none.
  SmallVector<unsigned> open;
  for (unsigned i = 0; i < shape.size(); ++i)
    if (dims[i] < 0 && shape[i] != Size::constant(1))
      open.push_back(i);
  if (!open.empty()) {
    unsigned next = 0;
    for (unsigned d = 0; d < group.domain.size(); ++d) {
      if (!group.reduced[d] || used[d])
        continue;
      if (group.kind == KernelKind::Contract || next == open.size() || shape[open[next]] != group.domain[d])
        return false;
      dims[open[next++]] = d;
    }
    if (next != open.size())
      return false;
  }
  for (unsigned d = 0; d < group.domain.size(); ++d)
    if (!group.reduced[d] && !used[d] && group.domain[d] != Size::constant(1))
      return false;
  return true;
}

bool KernelFormer::joinMap(unsigned number, Value value) {
  KernelGroup &group = groups[number];
  if (group.kind == KernelKind::Opaque)
    return false;
  KernelGroup::Root root{value, {}};
  SmallVector<Size> shape = getDims(value);
  SmallVector<int> dims;
  // The value itself is not yet a leaf of its own cone.
  roots.remove(value);
  bool joined = matchDims(group, value, shape, identityIndices(shape.size()), dims);
  roots.insert(value);
  if (!joined)
    return false;
  root.dims = dims;
  group.roots.push_back(std::move(root));
  return true;
}

bool KernelFormer::joinReduce(unsigned number, ReduceOpInterface op) {
  KernelGroup &group = groups[number];
  if (group.kind != KernelKind::Row && group.kind != KernelKind::Map)
    return false;
  Value operand = op->getOperand(0);
  SmallVector<Size> shape = getDims(operand);
  SmallVector<int> dims;
  if (!matchDims(group, operand, shape, identityIndices(shape.size()), dims))
    return false;
  // In another order of dims than its own, the reduction would sum in another order than in a kernel of its own.
  SmallVector<int> order;
  llvm::copy_if(dims, std::back_inserter(order), [](int dim) { return dim >= 0; });
  if (!llvm::is_sorted(order))
    return false;
  SmallVector<bool> reduced(group.domain.size(), false);
  for (int64_t axis : op.getReducedAxes()) {
    if (dims[axis] < 0)
      return false;
    reduced[dims[axis]] = true;
  }
  for (unsigned i = 0; i < shape.size(); ++i)
    if (dims[i] < 0 && shape[i] != Size::constant(1))
      return false;
  if (group.kind == KernelKind::Map) {
    // A map becomes a row kernel if whole rows are reduced and there are enough of them.
    int64_t rows = 1;
    bool inRows = false;
    for (unsigned d = 0; d < reduced.size(); ++d) {
      if (inRows && !reduced[d])
        return false;
      inRows |= reduced[d];
      int64_t extent = 1024;
      sizes.sampleValue(group.domain[d], extent);
      rows *= reduced[d] ? 1 : extent;
    }
    if (rows < kMinRows)
      return false;
    group.kind = KernelKind::Row;
    group.reduced = reduced;
  }
  if (group.reduced != reduced)
    return false;
  KernelGroup::Root root{op->getResult(0), {}};
  for (unsigned i = 0; i < shape.size(); ++i)
    if (!llvm::is_contained(op.getReducedAxes(), int64_t(i)))
      root.dims.push_back(dims[i]);
  group.roots.push_back(std::move(root));
  return true;
}

} // namespace mlxir
