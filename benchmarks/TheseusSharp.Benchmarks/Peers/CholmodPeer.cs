using TheseusSharp.Cholmod;
using TheseusSharp.Linear;

namespace TheseusSharp.Benchmarks.Peers;

/// <summary>
/// CHOLMOD on numbers that lie ready as it wants them: what is timed is its own call and nothing else, other than by
/// <see cref="CholmodSolver"/>, which copies them there and looks at each.
/// </summary>
internal sealed unsafe class CholmodPeer : IDisposable
{
    private readonly CholmodLibrary _library = CholmodLibrary.Instance;
    private readonly NativeCommon _common;
    private readonly ScalarPattern _pattern;
    private readonly int[] _starts;
    private readonly int[] _rows;
    private readonly int _dimension;
    private readonly NativeDense*[] _vectors = new NativeDense*[3];
    private NativeFactor* _factor;

    /// <summary>Analyses a structure.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="isSimplicial">By rows, rather than by supernodes and BLAS.</param>
    /// <param name="ordering">How it orders rows, if no order is given.</param>
    /// <param name="order">The blocks in the order of elimination, or empty.</param>
    public CholmodPeer(
        BlockStructure structure, bool isSimplicial, CholmodOrdering ordering, ReadOnlySpan<int> order = default)
    {
        _common = new(_library);
        _pattern = ScalarPattern.Of(structure);
        _dimension = structure.Dimension;
        _starts = Pinned(_pattern.Starts);
        _rows = Pinned(_pattern.Rows);
        _common.SetOrdering(ordering);
        if (isSimplicial)
            _common.SetSimplicial();
        Analyze(structure, order);
    }

    /// <summary>How many numbers the factor has, those not counted that are zero by structure.</summary>
    public long FactorNonZeros => Sum(count => count);

    /// <summary>How many multiplications and additions a factorization needs, counted as ours are.</summary>
    public double Flops => Sum(count => count * count);

    /// <summary>The numbers of a matrix as CHOLMOD wants them.</summary>
    public double[] Load(ReadOnlySpan<double> values)
    {
        double[] loaded = GC.AllocateUninitializedArray<double>(_pattern.Sources.Length, pinned: true);
        for (int k = 0; k < loaded.Length; k++)
            loaded[k] = values[_pattern.Sources[k]];
        return loaded;
    }

    /// <summary>Factors.</summary>
    /// <param name="loaded">What <see cref="Load"/> made.</param>
    public void Factor(double[] loaded)
    {
        fixed (double* values = loaded)
        {
            NativeSparse sparse = Sparse(values, loaded.Length);
            if (_library.Factorize(&sparse, _factor, _common.Pointer) == 0 || _factor->FailedColumn != _factor->Size)
                throw new InvalidOperationException("CHOLMOD could not factor.");
        }
    }

    /// <summary>Solves; the solution stays where CHOLMOD has it.</summary>
    /// <param name="right">The right-hand side.</param>
    public ReadOnlySpan<double> Solve(double[] right)
    {
        fixed (double* values = right)
        fixed (NativeDense** vectors = _vectors)
        {
            var b = new NativeDense
            {
                Rows = (nuint)_dimension,
                Columns = 1,
                Capacity = (nuint)_dimension,
                Leading = (nuint)_dimension,
                Values = values,
                NumberType = 1,
            };
            if (_library.Solve(0, _factor, &b, vectors, vectors + 1, vectors + 2, _common.Pointer) == 0)
                throw new InvalidOperationException("CHOLMOD could not solve.");
        }

        return new(_vectors[0]->Values, _dimension);
    }

    public void Dispose()
    {
        fixed (NativeFactor** factor = &_factor)
            _library.Free(factor, _common.Pointer);
        fixed (NativeDense** vectors = _vectors)
            for (int k = 0; k < _vectors.Length; k++)
                _library.Free(vectors + k, _common.Pointer);
        _common.Dispose();
    }

    /// <summary>Over the columns of the factor; their lengths follow the permutation in CHOLMOD's structure.</summary>
    private long Sum(Func<long, long> term)
    {
        int* counts = (&_factor->Permutation)[1];
        long sum = 0;
        for (int column = 0; column < _dimension; column++)
            sum += term(counts[column]);
        return sum;
    }

    private static int[] Pinned(int[] numbers)
    {
        int[] pinned = GC.AllocateUninitializedArray<int>(numbers.Length, pinned: true);
        numbers.CopyTo(pinned, 0);
        return pinned;
    }

    private void Analyze(BlockStructure structure, ReadOnlySpan<int> order)
    {
        double[] values = GC.AllocateArray<double>(_rows.Length, pinned: true);
        fixed (double* pointer = values)
        {
            NativeSparse sparse = Sparse(pointer, values.Length);
            if (order.IsEmpty)
            {
                _factor = _library.Analyze(&sparse, _common.Pointer);
            }
            else
            {
                _common.SetGivenOrdering();
                var rows = new List<int>(_dimension);
                foreach (int block in order)
                    rows.AddRange(Enumerable.Range(structure.Offsets[block], structure.Sizes[block]));
                fixed (int* given = rows.ToArray())
                    _factor = _library.Analyze(&sparse, given, _common.Pointer);
            }
        }

        if (_factor == null)
            throw new InvalidOperationException("CHOLMOD cannot analyse the structure.");
    }

    private NativeSparse Sparse(double* values, int count)
    {
        fixed (int* starts = _starts, rows = _rows) // pinned for good
            return new()
            {
                Rows = (nuint)_dimension,
                Columns = (nuint)_dimension,
                Capacity = (nuint)count,
                Starts = starts,
                Indices = rows,
                Values = values,
                Symmetry = 1,
                NumberType = 1,
                IsSorted = 1,
                IsPacked = 1,
            };
    }
}
