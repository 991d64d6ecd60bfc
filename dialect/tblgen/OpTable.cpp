// -gen-op-table: the enum of ops, the rows of the op table with their attribute schemas, and its hash.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/tblgen/Records.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using namespace mlxir::tblgen;

namespace {
struct Attr {
  std::string name, kind;
};
} // namespace

/// How an attribute travels in a trace (AttrKind), by its ODS definition.
static std::string attrKind(const OpRecord &op, const mlir::tblgen::NamedAttribute &attr) {
  StringRef def = attr.attr.isDerivedAttr() ? attr.attr.getDef().getName() : attr.attr.getBaseAttr().getDef().getName();
  if (attr.attr.getDef().isSubClassOf("IntEnumAttrBase") || attr.attr.getDef().isSubClassOf("EnumAttrInfo"))
    return "Int";
  StringRef kind = StringSwitch<StringRef>(def)
                       .Cases({"I64Attr", "TypedAttrInterface", "StrAttr"}, "Int")
                       .Case("BoolAttr", "Bool")
                       .Case("F64Attr", "Double")
                       .Case("DenseI64ArrayAttr", "IntList")
                       .Cases({"Mlxir_SizesAttr", "ShapeOfResult"}, "SizeList")
                       .Case("DTypeOfResult", "DType")
                       .Default("");
  if (kind.empty())
    op.fail("attribute '" + attr.name + "' has a kind that cannot travel in a trace: " + def);
  return kind.str();
}

static std::vector<Attr> attrs(const OpRecord &op) {
  std::vector<Attr> list;
  for (const mlir::tblgen::NamedAttribute &attr : op.op.getAttributes())
    list.push_back({attr.name.str(), attrKind(op, attr)});
  return list;
}

static std::string inferFunction(const OpRecord &op) {
  std::string function = op.text("infer");
  if (function.empty())
    return "nullptr";
  if (!op.flag("inferByClass"))
    return "inferWith<" + function + ">";
  std::string mask;
  for (const std::string &name : op.classes())
    mask += (mask.empty() ? "k" : " | k") + name;
  if (mask.empty())
    op.fail("has neither a scalar body nor classes");
  return "inferWith<withClasses<" + function + ", " + mask + ">>";
}

static std::string quoted(StringRef text) {
  std::string result;
  raw_string_ostream os(result);
  os << '"';
  os.write_escaped(text);
  os << '"';
  return result;
}

static unsigned codeOperandMask(const OpRecord &op) {
  unsigned mask = 0;
  for (int64_t operand : op.def.getValueAsListOfInts("codeOperands"))
    mask |= 1u << operand;
  return mask;
}

static int numOperands(const OpRecord &op) {
  return op.op.getNumVariableLengthOperands() ? -1 : op.op.getNumOperands();
}

/// Everything that a trace or a Program depends on: not what only people read.
static std::string essence(const OpRecord &op) {
  std::string text = formatv("{0} {1} {2} {3} {4} {5} {6}", op.mnemonic(), op.text("kind"), numOperands(op),
                             op.op.getNumRegions(), op.number("cost"), codeOperandMask(op), inferFunction(op));
  for (const Attr &attr : attrs(op))
    text += " " + attr.name + ":" + attr.kind;
  return text + "\n";
}

static void emitRow(const OpRecord &op, unsigned id, raw_ostream &os) {
  std::vector<Attr> list = attrs(op);
  std::string attrsName = list.empty() ? "nullptr" : "k" + op.enumerator() + "Attrs";
  bool hasRegion = op.op.getNumRegions() != 0;
  os << formatv("    {{{0}, {1}, OpKind::{2}, Promotion::{3}, {4}, {5}, {6}, {7}, {8}, {9}, {10}, {11},\n     {12}, ",
                quoted(op.mnemonic()), id, op.text("kind"), op.def.getValueAsDef("promotion")->getValueAsString("name"),
                numOperands(op), hasRegion ? 0 : op.op.getNumResults(), op.number("cost"), codeOperandMask(op),
                op.isA("Mlxir_ElementwiseOp") ? "true" : "false", hasRegion ? "true" : "false", attrsName, list.size(),
                inferFunction(op));
  os << formatv("{0}, {1}, {2},\n     {3}},\n", op.flag("namesOperands") ? "true" : "false",
                quoted(op.text("publicName")), quoted(join(op.texts("aliases"), " ")), quoted(op.docstring()));
}

static bool emitOpTable(const RecordKeeper &records, raw_ostream &os) {
  std::vector<OpRecord> ops = opRecords(records);
  os << generatedNote("The op table.");
  os << "#ifdef GET_OP_ENUM\n#undef GET_OP_ENUM\n";
  for (const OpRecord &op : ops)
    os << op.enumerator() << ",\n";
  os << "#endif // GET_OP_ENUM\n\n#ifdef GET_OP_ROWS\n#undef GET_OP_ROWS\n";

  std::string everything;
  for (const OpRecord &op : ops) {
    op.check();
    everything += essence(op);
    std::vector<Attr> list = attrs(op);
    if (list.empty())
      continue;
    os << "static constexpr AttrInfo k" << op.enumerator() << "Attrs[] = {";
    for (const Attr &attr : list)
      os << "{" << quoted(attr.name) << ", AttrKind::" << attr.kind << "}, ";
    os << "};\n";
  }
  os << "\nstatic constexpr OpInfo kOpRows[] = {\n";
  for (auto [id, op] : enumerate(ops))
    emitRow(op, id, os);
  os << "};\n\nstatic constexpr uint64_t kOpTableHash = " << formatv("{0:x}", xxh3_64bits(everything)) << "ull;\n";
  os << "#endif // GET_OP_ROWS\n";
  return false;
}

static mlir::GenRegistration opTable("gen-op-table", "Generate the op table", emitOpTable);
