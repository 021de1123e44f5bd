using System.Runtime.InteropServices;

namespace TheseusSharp.Linear;

/// <summary>Dense Cholesky factorization: one front, all of whose rows are pivots.</summary>
internal sealed unsafe class DensePanel : IDisposable
{
    private readonly FrontKernels<double> _kernels = FrontKernels.Default;
    private readonly int _size;

    /// <summary>What each pivot must exceed, then a vector that is solved for.</summary>
    private readonly NativeBuffer _vectors;
    private readonly NativeBuffer _scratch;

    /// <summary>Prepares for matrices of one size.</summary>
    public DensePanel(int size)
    {
        _size = size;
        Height = LuKernels.Leading(size);
        _vectors = new(2L * Height);
        _scratch = new(FrontKernels.ScratchLength);
    }

    /// <summary>How far apart columns are.</summary>
    public int Height { get; }

    /// <summary>How many numbers a panel has.</summary>
    public long Length => (long)_size * Height;

    private double* Vector => _vectors.Pointer + Height;

    /// <summary>Zeroes a panel.</summary>
    public void Clear(double* panel) => NativeMemory.Clear(panel, (nuint)Length * sizeof(double));

    /// <summary>Factors a matrix, given by the lower triangle in a panel that is zero otherwise.</summary>
    /// <returns>−1, or the row that failed.</returns>
    public int Factor(double* panel, ReadOnlySpan<double> damping)
    {
        double* least = _vectors.Pointer;
        for (int k = 0; k < _size; k++)
        {
            ref double diagonal = ref panel[k * ((nint)Height + 1)];
            least[k] = Math.Max(0, FactorizationResult.PivotTolerance * diagonal);
            diagonal += damping.Length > 0 ? damping[k] : 0;
        }

        return _size == 0 ? -1 : _kernels.Eliminate(panel, _size, Height, least, _scratch.Pointer);
    }

    /// <summary>x ← L⁻¹·x.</summary>
    public void SolveForward(double* panel, Span<double> x)
    {
        Load(x);
        _kernels.SolveForward(panel, _size, Height, Vector);
        new ReadOnlySpan<double>(Vector, _size).CopyTo(x);
    }

    /// <summary>x ← L⁻ᵀ·x.</summary>
    public void SolveBackward(double* panel, Span<double> x)
    {
        Load(x);
        _kernels.SolveBackward(panel, _size, Height, Vector);
        new ReadOnlySpan<double>(Vector, _size).CopyTo(x);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _vectors.Dispose();
        _scratch.Dispose();
    }

    private void Load(ReadOnlySpan<double> x)
    {
        x.CopyTo(new(Vector, _size));
        new Span<double>(Vector + _size, Height - _size).Clear();
    }
}
