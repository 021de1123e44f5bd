using System.Runtime.Intrinsics;
using TheseusSharp.Benchmarks.Measuring;
using TheseusSharp.Linear;

namespace TheseusSharp.Benchmarks.Reports;

/// <summary>Our two ways to factor and solve a batch.</summary>
internal sealed class OurBatch : IDisposable
{
    private readonly BatchOfMatrices _data;
    private readonly int _lanes =
        Vector512.IsHardwareAccelerated ? 8 : Vector256.IsHardwareAccelerated ? 4 : 2;
    private readonly InterleavedCholesky _interleaved;
    private readonly MultifrontalCholesky _fronts;
    private readonly double[][] _packs;
    private readonly double[] _right;
    private readonly double[] _solutions;
    private readonly double[] _solution;

    public OurBatch(BatchOfMatrices data)
    {
        _data = data;
        var symbolic = SymbolicFactorization.Analyze(data.Structure);
        Flops = symbolic.Flops;
        _interleaved = new(InterleavedPlan.Of(symbolic), _lanes);
        _fronts = new(symbolic);
        _packs = [.. data.All.Chunk(_lanes).Select(Interleave)];
        _right = new double[data.Right.Length * _lanes];
        for (int k = 0; k < _right.Length; k++)
            _right[k] = data.Right[k / _lanes];
        _solutions = new double[_right.Length];
        _solution = new double[data.Right.Length];
        Interleaved = Side.Of("interleaved", RunInterleaved);
        Fronts = Side.Of("fronts", RunFronts);
    }

    /// <summary>Of one matrix.</summary>
    public double Flops { get; }

    public Side Interleaved { get; }

    public Side Fronts { get; }

    /// <summary>For the last matrix, the one of the two ways that is further off.</summary>
    public double[] LastSolution()
    {
        RunFronts();
        double[] byFronts = [.. _solution];
        RunInterleaved();
        int lane = (_data.All.Length - 1) % _lanes;
        double[] interleaved = [.. Enumerable.Range(0, _solution.Length).Select(k => _solutions[(k * _lanes) + lane])];
        return _data.Residual(byFronts) > _data.Residual(interleaved) ? byFronts : interleaved;
    }

    public void Dispose()
    {
        _interleaved.Dispose();
        _fronts.Dispose();
    }

    private void RunInterleaved()
    {
        Span<int> failed = stackalloc int[_lanes];
        foreach (double[] pack in _packs)
        {
            _interleaved.FactorAndSolve(pack, default, _right, _solutions, failed);
            if (failed.ContainsAnyExcept(-1))
                throw new InvalidOperationException("A matrix is not positive definite.");
        }
    }

    private void RunFronts()
    {
        foreach (BlockMatrix matrix in _data.All)
        {
            if (!_fronts.Factor(matrix).Succeeded)
                throw new InvalidOperationException("A matrix is not positive definite.");
            _fronts.Solve(_data.Right, _solution);
        }
    }

    private double[] Interleave(BlockMatrix[] matrices)
    {
        double[] pack = new double[_data.Structure.ValueCount * _lanes];
        for (int lane = 0; lane < _lanes; lane++)
        {
            ReadOnlySpan<double> values = matrices[Math.Min(lane, matrices.Length - 1)].Values;
            for (int k = 0; k < values.Length; k++)
                pack[(k * _lanes) + lane] = values[k];
        }

        return pack;
    }
}
