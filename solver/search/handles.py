"""Handles: all arrays of a search behind one pointer each.

A tuple of a hundred arrays is flattened into a thousand arguments at every call of a compiled function, which
made compiling take minutes and calls slow. A handle is one pointer to a header with the address and the shape of
every array; the arrays are shared with Python, never copied, and no reference is counted in the kernels. A handle
keeps its arrays alive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
from llvmlite import ir
from numba import from_dtype, njit, types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.datamodel.registry import register_default
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, lower_getattr_generic, typeof_impl, unbox
from numba.np.arrayobj import make_array, populate_array

from solver.array_of import ArrayOf

_WORD = ir.IntType(64)
_WITHOUT_KERNELS = ("__init__.py", "engine.py", "worker.py", "rounds.py", "parts.py")


def _sources_hash() -> str:
    """Changes with every kernel: a cached caller must not go on with the machine code of a changed callee."""
    folder = Path(__file__).parent
    files = [
        *(file for file in folder.glob("*.py") if file.name not in _WITHOUT_KERNELS),
        *(folder.parent / name for name in ("arrays.py", "day_plans.py", "tours.py")),
    ]
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()[:12]


SOURCES_HASH = _sources_hash()


# Reference counting off: an option that Numba has but does not name in its types.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that only kernels call, once, for the types it is annotated with."""
    return _annotated(njit(**_OPTIONS)(function))


def entry_kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that Python calls; the machine code is kept on disk."""
    return _annotated(njit(cache=True, **_OPTIONS)(function))


def _annotated(dispatcher: Any) -> Callable[..., Any]:
    """Compile for the annotated types only: callers' narrower numbers are cast, not compiled for again."""
    compile_any = dispatcher.compile

    def compile_annotated(_signature: Any) -> Any:
        hints = get_type_hints(dispatcher.py_func, include_extras=True)
        hints.pop("return", None)
        return compile_any(tuple(_numba_type(hint) for hint in hints.values()))

    dispatcher.compile = compile_annotated
    compiled: Callable[..., Any] = dispatcher
    return compiled


def _numba_type(hint: Any) -> Any:
    annotation = _annotation(hint)
    if annotation is not None:
        return types.Array(from_dtype(np.dtype(annotation.dtype)), annotation.dimensions, "C")
    numbers = {int: types.int64, float: types.float64, bool: types.boolean}
    return numbers[hint] if hint in numbers else handle_type(hint)


class _HandleType(types.Type):
    """Numba's type of a handle; ``fields`` are (dtype, dimensions, word in the header), dtype None for a number."""

    def __init__(self, name: str, fields: dict[str, tuple[str | None, int, int]]) -> None:
        self.fields = fields
        super().__init__(name=f"{name}_{SOURCES_HASH}")


class Handle:
    """What a kernel is given in place of a tuple of arrays.

    :param parts: the NamedTuple with the arrays; every array C-contiguous
    """

    def __init__(self, parts: Any) -> None:
        self.parts = parts
        self.numba_type = handle_type(type(parts))
        header: list[int] = []
        for name, (dtype, dimensions, word) in self.numba_type.fields.items():
            value = getattr(parts, name)
            if dtype is None:
                header.append(int(value))
                continue
            array_fits = value.dtype == np.dtype(dtype) and value.ndim == dimensions and value.flags.c_contiguous
            if not array_fits or word != len(header):
                raise TypeError(f"{name}: {value.dtype} {value.shape}")
            header += [value.ctypes.data, *value.shape]
        self.header = np.array(header, dtype=np.int64)
        self.address = self.header.ctypes.data


_TYPES: dict[type, _HandleType] = {}


def handle_type(parts: type) -> _HandleType:
    """Numba's type for the handles of one NamedTuple."""
    if parts not in _TYPES:
        fields: dict[str, tuple[str | None, int, int]] = {}
        word = 0
        for name, hint in get_type_hints(parts, include_extras=True).items():
            dimensions = _dimensions_of(hint)
            fields[name] = (_dtype_of(hint), dimensions, word)
            word += 1 + dimensions
        _TYPES[parts] = _HandleType(parts.__name__, fields)
    return _TYPES[parts]


def _annotation(hint: Any) -> ArrayOf | None:
    found = [note for note in getattr(hint, "__metadata__", ()) if isinstance(note, ArrayOf)]
    return found[0] if found else None


def _dimensions_of(hint: Any) -> int:
    annotation = _annotation(hint)
    return annotation.dimensions if annotation else 0


def _dtype_of(hint: Any) -> str | None:
    annotation = _annotation(hint)
    return annotation.dtype if annotation else None


@register_default(_HandleType)
class _HandleModel(models.PrimitiveModel):
    def __init__(self, dmm: Any, fe_type: Any) -> None:
        super().__init__(dmm, fe_type, _WORD)


@typeof_impl.register(Handle)
def _typeof_handle(value: Handle, _context: Any) -> _HandleType:
    return value.numba_type


@unbox(_HandleType)  # type: ignore[untyped-decorator]
def _unbox_handle(_kind: Any, value: Any, context: Any) -> NativeValue:
    address = context.pyapi.object_getattr_string(value, "address")
    native = context.pyapi.long_as_longlong(address)
    context.pyapi.decref(address)
    return NativeValue(native, is_error=cgutils.is_not_null(context.builder, context.pyapi.err_occurred()))


def _field_type(kind: _HandleType, name: str) -> Any:
    dtype, dimensions, _word = kind.fields[name]
    return types.int64 if dtype is None else types.Array(from_dtype(np.dtype(dtype)), dimensions, "C")


@infer_getattr
class _HandleAttribute(AttributeTemplate):
    key = _HandleType

    def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]
        return _field_type(kind, name) if name in kind.fields else None


@lower_getattr_generic(_HandleType)  # type: ignore[untyped-decorator]
def _lower_field(context: Any, builder: Any, kind: Any, value: Any, name: str) -> Any:
    """Load a number or build an array from the header; it never changes, so loads may move out of loops."""
    field = _field_type(kind, name)
    header = builder.inttoptr(value, _WORD.as_pointer())
    first = kind.fields[name][2]

    def word(offset: int) -> Any:
        loaded = builder.load(builder.gep(header, [ir.Constant(ir.IntType(32), first + offset)]))
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
        return loaded

    if kind.fields[name][0] is None:
        return word(0)
    array = make_array(field)(context, builder)
    item_size = context.get_abi_sizeof(context.get_data_type(field.dtype))
    shape = [word(1 + axis) for axis in range(field.ndim)]
    strides = [ir.Constant(_WORD, item_size)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    address = builder.inttoptr(word(0), array.data.type)
    populate_array(
        array, data=address, shape=shape, strides=strides, itemsize=ir.Constant(_WORD, item_size), meminfo=None
    )
    return array._getvalue()  # noqa: SLF001  # the only way Numba offers
