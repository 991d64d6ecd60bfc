// Sharing memory with others: the buffer protocol and DLPack, both read-only going out, since arrays that were
// assigned from each other share a buffer and must not see writes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "python/src/ArrayInit.h"
#include "python/src/ArrayObject.h"
#include "python/src/DLPack.h"
#include "python/src/Gil.h"

#include <algorithm>
#include <memory>

namespace mlxir::py {
namespace {

/// What an exported view keeps: the buffer, and the shape and strides that the view points to.
struct Export {
  BufferRef buffer;
  std::vector<Py_ssize_t> dims, strides; // strides in elements or bytes, as the protocol has it
};

std::unique_ptr<Export> makeExport(const Value &value, BufferRef buffer, Py_ssize_t unit) {
  auto result = std::make_unique<Export>();
  result->buffer = std::move(buffer);
  result->dims.assign(value.dims().begin(), value.dims().end());
  result->strides.resize(value.rank());
  for (size_t i = value.rank(); i-- > 0;) {
    result->strides[i] = unit;
    unit *= result->dims[i];
  }
  return result;
}

int getBuffer(PyObject *self, Py_buffer *view, int flags) {
  view->obj = nullptr;
  return guardedStatus([&] {
    Value value = useElements(handleOf(self));
    const char *format = formatOfDType(value.dtype());
    if (flags & PyBUF_WRITABLE) {
      PyErr_SetString(PyExc_BufferError, "[buffer] expected a request for a read-only view, got "
                                         "one for a writable view: arrays may share memory");
      throw PythonError();
    }
    if (!format) {
      PyErr_Format(PyExc_BufferError, "[buffer] expected a dtype with a buffer format, got %s",
                   dtypeName(value.dtype()));
      throw PythonError();
    }
    BufferRef buffer = readBuffer(value, "buffer");
    size_t size = itemSize(value.dtype());
    auto kept = makeExport(value, buffer, size);
    view->buf = buffer->data();
    view->len = value.nbytes();
    view->itemsize = size;
    view->readonly = 1;
    view->ndim = value.rank();
    view->format = flags & PyBUF_FORMAT ? const_cast<char *>(format) : nullptr;
    view->shape = flags & PyBUF_ND ? kept->dims.data() : nullptr;
    view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? kept->strides.data() : nullptr;
    view->suboffsets = nullptr;
    view->internal = kept.release();
    view->obj = Py_NewRef(self);
  });
}

void releaseBuffer(PyObject *, Py_buffer *view) { delete static_cast<Export *>(view->internal); }

// DLPack, outgoing.

struct DLPackExport {
  std::unique_ptr<Export> kept;
  DLManagedTensor plain{};
  DLManagedTensorVersioned versioned{};
};

constexpr const char *kPlainName = "dltensor";
constexpr const char *kVersionedName = "dltensor_versioned";

void fillTensor(DLTensor &tensor, const Value &value, Export &kept) {
  tensor.data = kept.buffer->data();
  tensor.device = {kDLCPU, 0};
  tensor.ndim = value.rank();
  tensor.dtype = toDLPack(value.dtype());
  static_assert(sizeof(Py_ssize_t) == sizeof(int64_t));
  tensor.shape = reinterpret_cast<int64_t *>(kept.dims.data());
  tensor.strides = reinterpret_cast<int64_t *>(kept.strides.data());
  tensor.byte_offset = 0;
}

/// Runs when nobody took the tensor out of its capsule.
void dropCapsule(PyObject *capsule) {
  for (const char *name : {kPlainName, kVersionedName}) {
    if (!PyCapsule_IsValid(capsule, name))
      continue;
    void *tensor = PyCapsule_GetPointer(capsule, name);
    if (name == kPlainName)
      static_cast<DLManagedTensor *>(tensor)->deleter(static_cast<DLManagedTensor *>(tensor));
    else
      static_cast<DLManagedTensorVersioned *>(tensor)->deleter(static_cast<DLManagedTensorVersioned *>(tensor));
  }
}

PyObject *makeCapsule(const Value &value, BufferRef buffer, bool versioned, bool isCopied) {
  auto kept = std::make_unique<DLPackExport>();
  kept->kept = makeExport(value, std::move(buffer), 1);
  fillTensor(kept->plain.dl_tensor, value, *kept->kept);
  kept->plain.manager_ctx = kept.get();
  kept->plain.deleter = [](DLManagedTensor *tensor) { delete static_cast<DLPackExport *>(tensor->manager_ctx); };
  kept->versioned.version = {1, 0};
  kept->versioned.flags = kDLPackReadOnly | (isCopied ? kDLPackCopied : 0);
  kept->versioned.dl_tensor = kept->plain.dl_tensor;
  kept->versioned.manager_ctx = kept.get();
  kept->versioned.deleter = [](DLManagedTensorVersioned *tensor) {
    delete static_cast<DLPackExport *>(tensor->manager_ctx);
  };
  PyObject *capsule = versioned ? PyCapsule_New(&kept->versioned, kVersionedName, dropCapsule)
                                : PyCapsule_New(&kept->plain, kPlainName, dropCapsule);
  checked(capsule);
  kept.release();
  return capsule;
}

// DLPack, incoming.

bool isDense(const DLTensor &tensor) {
  if (!tensor.strides)
    return true;
  int64_t expected = 1;
  for (int i = tensor.ndim; i-- > 0;) {
    if (tensor.shape[i] != 1 && tensor.strides[i] != expected)
      return false;
    expected *= tensor.shape[i];
  }
  return true;
}

void copyStrided(const DLTensor &tensor, int axis, const char *from, size_t itemSize, char *&to) {
  if (axis == tensor.ndim) {
    std::copy_n(from, itemSize, to);
    to += itemSize;
    return;
  }
  for (int64_t i = 0; i < tensor.shape[axis]; ++i)
    copyStrided(tensor, axis + 1, from + i * tensor.strides[axis] * static_cast<int64_t>(itemSize), itemSize, to);
}

/// Memory may be given back on any thread, and after Python's end, when nothing can be given back any more.
template <typename Body> void withGil(Body &&body) {
  if (!Py_IsInitialized() || _Py_IsFinalizing())
    return;
  if (WithGil gil; gil)
    body();
}

/// `Managed` is one of the two tensors; it is given back when the array is done with it.
template <typename Managed>
Value takeTensor(PyObject *capsule, const char *name, const char *usedName, std::optional<bool> copy) {
  auto *managed = static_cast<Managed *>(PyCapsule_GetPointer(capsule, name));
  const DLTensor &tensor = managed->dl_tensor;
  DType dtype;
  if (tensor.device.device_type != kDLCPU || !fromDLPack(tensor.dtype, dtype))
    raise(ErrorKind::Value, "expected a tensor on the CPU of a dtype that "
                            "arrays have, got another");
  Span<const int64_t> dims(tensor.shape, tensor.ndim);
  bool mustCopy = !isDense(tensor);
  if (mustCopy && copy == false)
    raise(ErrorKind::Value, "expected a dense tensor, got strides, which "
                            "copy=False does not allow");
  char *data = static_cast<char *>(tensor.data) + tensor.byte_offset;
  if (mustCopy || copy == true) {
    BufferRef buffer = allocateFor(dtype, dims);
    char *to = static_cast<char *>(buffer->data());
    if (mustCopy)
      copyStrided(tensor, 0, data, itemSize(dtype), to);
    else if (buffer->size())
      std::copy_n(data, buffer->size(), to);
    return makeBufferLeaf(std::move(buffer), dtype, dims); // the capsule's owner frees the tensor
  }
  size_t bytes = itemSize(dtype);
  for (int64_t dim : dims)
    bytes *= dim;
  checked(PyCapsule_SetName(capsule, usedName));
  PyCapsule_SetDestructor(capsule, nullptr);
  BufferRef buffer = Buffer::borrow(
      data, bytes,
      [](void *context) {
        auto *managed = static_cast<Managed *>(context);
        if (!managed->deleter)
          return;
        withGil([&] { managed->deleter(managed); });
      },
      managed);
  return makeBufferLeaf(std::move(buffer), dtype, dims);
}

} // namespace

PyBufferProcs arrayBufferProcs = {getBuffer, releaseBuffer};

PyObject *exportDLPack(PyObject *self, PyObject *args, PyObject *kwargs) {
  static const char *keywords[] = {"stream", "max_version", "dl_device", "copy", nullptr};
  PyObject *stream = Py_None, *version = Py_None, *device = Py_None, *copy = Py_None;
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|$OOOO:__dlpack__", const_cast<char **>(keywords), &stream, &version,
                                   &device, &copy))
    return nullptr;
  return guarded([&] {
    FunctionName name("__dlpack__");
    long type = kDLCPU, index = 0, major = 0, minor = 0;
    if ((device != Py_None && !PyArg_ParseTuple(device, "ll", &type, &index)) ||
        (version != Py_None && !PyArg_ParseTuple(version, "ll", &major, &minor)))
      throw PythonError();
    if (type != kDLCPU) {
      PyErr_Format(PyExc_BufferError, "[__dlpack__] expected device type %d (CPU), got %ld", kDLCPU, type);
      throw PythonError();
    }
    Value value = useElements(handleOf(self));
    BufferRef buffer = readBuffer(value, "__dlpack__");
    bool isCopied = copy == Py_True;
    if (isCopied) {
      BufferRef own = Buffer::allocate(value.nbytes());
      std::copy_n(static_cast<const char *>(buffer->data()), value.nbytes(), static_cast<char *>(own->data()));
      buffer = std::move(own);
    }
    return makeCapsule(value, std::move(buffer), major >= 1, isCopied);
  });
}

PyObject *dlpackDevice(PyObject *, PyObject *) { return Py_BuildValue("(ii)", kDLCPU, 0); }

Value importDLPack(PyObject *object, std::optional<bool> copy) {
  Owned method(checked(PyObject_GetAttrString(object, "__dlpack__")));
  Owned noArgs(checked(PyTuple_New(0)));
  Owned keywords(checked(Py_BuildValue("{s(ii)}", "max_version", 1, 0)));
  Owned capsule(PyObject_Call(method.get(), noArgs.get(), keywords.get()));
  if (!capsule && PyErr_ExceptionMatches(PyExc_TypeError)) {
    PyErr_Clear(); // from before versions were negotiated
    capsule = Owned(PyObject_CallNoArgs(method.get()));
  }
  checked(capsule.get());
  if (PyCapsule_IsValid(capsule.get(), kVersionedName))
    return takeTensor<DLManagedTensorVersioned>(capsule.get(), kVersionedName, "used_dltensor_versioned", copy);
  if (PyCapsule_IsValid(capsule.get(), kPlainName))
    return takeTensor<DLManagedTensor>(capsule.get(), kPlainName, "used_dltensor", copy);
  raise(ErrorKind::Type, "expected __dlpack__ to return a capsule");
}

bool shareBuffer(PyObject *object, Value &value) {
  auto view = std::make_unique<Py_buffer>();
  if (PyObject_GetBuffer(object, view.get(), PyBUF_FULL_RO) < 0) {
    PyErr_Clear();
    return false;
  }
  DType dtype;
  if (!dtypeOfFormat(view->format, view->itemsize, dtype) || !PyBuffer_IsContiguous(view.get(), 'C') ||
      dtype == DType::Float64) {
    PyBuffer_Release(view.get());
    return false;
  }
  std::vector<int64_t> dims(view->shape, view->shape + view->ndim);
  void *data = view->buf;
  size_t bytes = view->len;
  BufferRef buffer = Buffer::borrow(
      data, bytes,
      [](void *context) {
        auto *view = static_cast<Py_buffer *>(context);
        withGil([&] { PyBuffer_Release(view); });
        delete view;
      },
      view.release());
  value = makeBufferLeaf(std::move(buffer), dtype, dims);
  return true;
}

} // namespace mlxir::py
