// The op table: what recorder, formats and importer need to know of an op without MLIR. The rows are generated from
// the ODS records by mlxir-tblgen (build/dialect/OpTable.inc); nothing here names an op.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "dialect/infer/Size.h"
#include "runtime/format/DType.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mlxir {

struct TensorType {
  DType dtype = DType::Float32;
  std::vector<Size> dims;
  bool operator==(const TensorType &o) const { return dtype == o.dtype && dims == o.dims; }
};

/// How kernel forming sees an op (D8). Map: one output element reads one element of each operand through an index map.
enum class OpKind : uint8_t { Map, Reduce, Contract, Move, Opaque, Region, Leaf };

/// Attributes travel as a flat list of 64-bit words: a scalar is one word, a list is its length and then its words.
/// Size words are Size::bits; doubles are their bit pattern; DType is its number.
enum class AttrKind : uint8_t { Int, Bool, Double, DType, IntList, Size, SizeList };
struct AttrInfo {
  const char *name;
  AttrKind kind;
};

/// Which dtype an op's public function converts its operands to before recording (MLX's rules).
enum class Promotion : uint8_t {
  None,    // operands stay as they are
  Same,    // all operands to their common type
  Inexact, // common type, integers and bool to float32
  Bool,    // what is not 0 is true
};

struct InferError {
  enum Kind : uint8_t { Value, Type, Index } kind = Value;
  std::string text; // "expected ..., got ..." without the function's name
};

/// Result types of an op, or false with an error. One function serves recorder (constants) and verifier (symbols).
using InferFn = bool (*)(SizeArena &sizes, const std::vector<TensorType> &operands, const std::vector<int64_t> &attrs,
                         std::vector<TensorType> &results, InferError &error);

struct OpInfo {
  const char *name; // mnemonic: "tanh" stands for mlxir.tanh
  uint16_t id;      // index into the table; stable only within one op-table hash
  OpKind kind;
  Promotion promotion;
  int8_t numOperands;   // -1: variadic
  uint8_t numResults;   // 0: as many as the region yields
  uint8_t cost;         // 0 free (cast, broadcast), 1 cheap, 8 transcendental, 255 never recomputed
  uint8_t codeOperands; // bit i: a literal in operand i changes code and is part of the Program key (D6)
  bool isElementwise;   // all operands and the result have one shape
  bool hasRegion;
  const AttrInfo *attrs;
  uint8_t numAttrs;
  InferFn infer;
  bool namesOperands;     // the function takes operands by keyword too, and a stream by position
  const char *publicName; // what the generated public function is called, "" if it has none
  const char *aliases;    // space-separated further public names
  const char *doc;        // docstring of the public function; without one, what the op is
};

/// The generated table and the hash of everything in it that a trace or a Program depends on.
const OpInfo *opTable();
unsigned opTableSize();
uint64_t opTableHash();
const OpInfo *findOp(const char *name);

/// Ops by enum, generated: Op::Add is the id of mlxir.add.
enum class Op : uint16_t {
#define GET_OP_ENUM
#include "dialect/OpTable.inc"
};

} // namespace mlxir
