using System.Runtime.InteropServices;
using TheseusSharp.Linear;

namespace TheseusSharp.Cholmod;

/// <summary>
/// Sparse Cholesky factorization by CHOLMOD's supernodal method (Y. Chen, T. Davis, W. Hager, S. Rajamanickam, ACM TOMS
/// 35, 2008). A check of, and a measure for, <see cref="MultifrontalCholesky"/>. Reads the lower triangle of diagonal
/// blocks only. Not for use by several threads at once.
/// </summary>
/// <remarks>
/// Other than TheseusSharp's own solvers, it fails only where a pivot is not positive: not where one is rounding error.
/// Threads: see <see cref="CholmodLibrary"/>.
/// </remarks>
public sealed unsafe class CholmodSolver : ILinearSolver
{
    private readonly CholmodLibrary _library = CholmodLibrary.Instance;
    private readonly NativeCommon _common;
    private readonly ScalarPattern _pattern;
    private readonly GCHandle _starts;
    private readonly GCHandle _rows;
    private readonly double[] _values;
    private readonly double[] _vector;

    /// <summary>Vectors that CHOLMOD allocates when first used, and uses again.</summary>
    private readonly NativeDense** _vectors = (NativeDense**)NativeMemory.AllocZeroed(4, (nuint)sizeof(NativeDense*));
    private NativeFactor* _factor;
    private bool _isFactored;

    /// <summary>Analyses a structure.</summary>
    /// <param name="structure">The structure, of at least one block.</param>
    /// <param name="ordering">How rows are ordered.</param>
    /// <exception cref="ArgumentException">The structure is empty, or too large for CHOLMOD.</exception>
    /// <exception cref="CholmodNotFoundException">CHOLMOD is not installed.</exception>
    public CholmodSolver(BlockStructure structure, CholmodOrdering ordering = CholmodOrdering.Automatic)
        : this(structure, default, ordering)
    {
    }

    /// <summary>Analyses a structure for a given order of elimination.</summary>
    /// <param name="structure">The structure, of at least one block.</param>
    /// <param name="order">The blocks in the order in which to eliminate them (CHOLMOD takes an equivalent
    /// one).</param>
    /// <exception cref="ArgumentException">
    /// The structure is empty, or too large for CHOLMOD; or the order is no permutation of its blocks.
    /// </exception>
    /// <exception cref="CholmodNotFoundException">CHOLMOD is not installed.</exception>
    public CholmodSolver(BlockStructure structure, ReadOnlySpan<int> order)
        : this(structure, order, CholmodOrdering.Automatic)
    {
    }

    private CholmodSolver(BlockStructure structure, ReadOnlySpan<int> order, CholmodOrdering ordering)
    {
        ArgumentNullException.ThrowIfNull(structure);
        if (structure.Count == 0)
            throw new ArgumentException("CHOLMOD takes no matrix without rows.", nameof(structure));
        Structure = structure;
        _common = new(_library);
        _pattern = ScalarPattern.Of(structure);
        _values = new double[_pattern.Rows.Length];
        _vector = new double[structure.Dimension];
        _starts = GCHandle.Alloc(_pattern.Starts, GCHandleType.Pinned);
        _rows = GCHandle.Alloc(_pattern.Rows, GCHandleType.Pinned);
        Analyze(order, ordering);
    }

    /// <summary>Frees the factor.</summary>
    ~CholmodSolver() => Free();

    /// <inheritdoc/>
    public BlockStructure Structure { get; }

    /// <inheritdoc/>
    public FactorizationResult Factor(BlockMatrix matrix, ReadOnlySpan<double> damping = default)
    {
        RequireUsable();
        RequireStructure(matrix);
        if (damping.Length > 0)
            RequireLength(damping.Length, nameof(damping));
        _isFactored = false;
        int failed = Load(matrix.Values, damping);
        fixed (double* values = _values)
        {
            NativeSparse sparse = Sparse(values);
            failed = failed >= 0 ? failed : Factor(&sparse);
        }

        _isFactored = failed < 0;
        return new(failed);
    }

    /// <inheritdoc/>
    public void Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        RequireSolvable(b, x, nameof(b));
        b.CopyTo(_vector);
        fixed (double* vector = _vector)
            Solve(0, Vector(vector), _vectors);
        Copy(_vectors[0], x);
    }

    /// <inheritdoc/>
    public void SolveTransposed(ReadOnlySpan<double> y, Span<double> x)
    {
        const int BackwardOnly = 5, BackToRows = 8;
        RequireSolvable(y, x, nameof(y));
        y.CopyTo(_vector);
        fixed (double* vector = _vector)
            Solve(BackwardOnly, Vector(vector), _vectors + 1);
        Solve(BackToRows, *_vectors[1], _vectors);
        Copy(_vectors[0], x);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Analyze(ReadOnlySpan<int> order, CholmodOrdering ordering)
    {
        _common.SetOrdering(ordering);
        fixed (double* values = _values)
        {
            NativeSparse sparse = Sparse(values);
            if (order.Length == 0)
            {
                _factor = _library.Analyze(&sparse, _common.Pointer);
            }
            else
            {
                _common.SetGivenOrdering();
                fixed (int* rows = Spread(order))
                    _factor = _library.Analyze(&sparse, rows, _common.Pointer);
            }
        }

        if (_factor == null)
            throw new ArgumentException(
                "CHOLMOD cannot analyse the structure: it is too large, or memory does not suffice.");
    }

    private int[] Spread(ReadOnlySpan<int> order)
    {
        var rows = new List<int>(Structure.Dimension);
        bool[] seen = new bool[Structure.Count];
        foreach (int block in order)
        {
            if ((uint)block >= (uint)seen.Length || seen[block])
                throw new ArgumentException($"Block {block} is out of range, or occurs twice.", nameof(order));
            seen[block] = true;
            for (int row = Structure.Offsets[block]; row < Structure.Offsets[block + 1]; row++)
                rows.Add(row);
        }

        return order.Length == seen.Length
            ? [.. rows]
            : throw new ArgumentException($"Expected {seen.Length} blocks, found {order.Length}.", nameof(order));
    }

    /// <summary>Takes over the numbers. (Some BLAS let numbers that are not finite pass for a factor.)</summary>
    /// <returns>−1, or a row with a number that is not finite.</returns>
    private int Load(ReadOnlySpan<double> values, ReadOnlySpan<double> damping)
    {
        double sum = 0;
        for (int k = 0; k < _values.Length; k++)
        {
            _values[k] = values[_pattern.Sources[k]];
            sum += 0 * _values[k];
        }

        for (int row = 0; row < damping.Length; row++)
        {
            _values[_pattern.Starts[row + 1] - 1] += damping[row];
            sum += 0 * damping[row];
        }

        if (sum == 0)
            return -1;
        int column = 0, bad = Array.FindIndex(_values, value => !double.IsFinite(value));
        while (_pattern.Starts[column + 1] <= bad)
            column++;
        return column;
    }

    /// <returns>−1, or the row that failed.</returns>
    private int Factor(NativeSparse* sparse)
    {
        if (_library.Factorize(sparse, _factor, _common.Pointer) == 0)
            throw new InvalidOperationException(
                "CHOLMOD could not factor: memory does not suffice, or its BLAS failed.");
        return _factor->FailedColumn == _factor->Size ? -1 : _factor->Permutation[_factor->FailedColumn];
    }

    private NativeSparse Sparse(double* values) => new()
    {
        Rows = (nuint)Structure.Dimension,
        Columns = (nuint)Structure.Dimension,
        Capacity = (nuint)_values.Length,
        Starts = (int*)_starts.AddrOfPinnedObject(),
        Indices = (int*)_rows.AddrOfPinnedObject(),
        Values = values,
        Symmetry = 1,
        NumberType = 1,
        IsSorted = 1,
        IsPacked = 1,
    };

    private NativeDense Vector(double* values) => new()
    {
        Rows = (nuint)Structure.Dimension,
        Columns = 1,
        Capacity = (nuint)Structure.Dimension,
        Leading = (nuint)Structure.Dimension,
        Values = values,
        NumberType = 1,
    };

    private void Solve(int system, NativeDense b, NativeDense** x)
    {
        if (_library.Solve(system, _factor, &b, x, _vectors + 2, _vectors + 3, _common.Pointer) == 0)
            throw new InvalidOperationException("CHOLMOD could not solve: memory does not suffice.");
    }

    private void Copy(NativeDense* source, Span<double> target)
    {
        new ReadOnlySpan<double>(source->Values, Structure.Dimension).CopyTo(target);
        GC.KeepAlive(this);
    }

    private void Free()
    {
        if (_common is null || _common.IsClosed || !_rows.IsAllocated)
            return; // construction failed before there was anything to free, or all is freed
        fixed (NativeFactor** factor = &_factor)
            _library.Free(factor, _common.Pointer);
        for (int k = 0; k < 4; k++)
            _library.Free(_vectors + k, _common.Pointer);
        NativeMemory.Free(_vectors);
        _starts.Free();
        _rows.Free();
        _common.Dispose();
    }

    private void RequireUsable() => ObjectDisposedException.ThrowIf(_common.IsClosed, this);

    private void RequireSolvable(ReadOnlySpan<double> b, Span<double> x, string name)
    {
        RequireUsable();
        RequireLength(b.Length, name);
        RequireLength(x.Length, nameof(x));
        if (!_isFactored)
            throw new InvalidOperationException(
                "There is no factor to solve with: call Factor first, and heed its result.");
    }

    private void RequireLength(int found, string name)
    {
        if (found != Structure.Dimension)
            throw new ArgumentException($"Expected {Structure.Dimension} numbers, found {found}.", name);
    }

    private void RequireStructure(BlockMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        BlockStructure found = matrix.Structure;
        if (!ReferenceEquals(found, Structure) &&
            !(found.Sizes.SequenceEqual(Structure.Sizes) && found.ColumnStarts.SequenceEqual(Structure.ColumnStarts) &&
                found.Rows.SequenceEqual(Structure.Rows)))
            throw new ArgumentException(
                "The matrix has another block structure than the one this solver was made for.", nameof(matrix));
    }
}
