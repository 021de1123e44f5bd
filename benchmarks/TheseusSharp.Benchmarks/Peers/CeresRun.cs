using System.Globalization;

namespace TheseusSharp.Benchmarks.Peers;

/// <summary>How Ceres steps.</summary>
internal enum CeresMethod
{
    /// <summary>Levenberg–Marquardt with a trust region of 1e16. Steps that raise the objective are rejected.</summary>
    GaussNewton,

    /// <summary>Levenberg–Marquardt as Ceres starts it.</summary>
    LevenbergMarquardt,
}

/// <summary>What Ceres is given besides the file.</summary>
/// <param name="Initial">A g2o file whose vertices replace the initial values; null: those of the file.</param>
/// <param name="Diagonal">Whether only the diagonals of the information matrices count.</param>
/// <param name="PostOrdering">
/// Whether CHOLMOD orders JᵀJ itself; else Ceres orders the Jacobian. Which is faster depends on the problem.
/// </param>
/// <param name="PlaneManifold">
/// 2D: whether a step is x∘Exp(δ), as it is in 3D; else it adds to [x y θ], the faster one for Ceres.
/// </param>
/// <param name="Threads">Threads of Ceres.</param>
/// <param name="BlasThreads">Threads of OpenBLAS; no more than those of Ceres.</param>
internal sealed record CeresOptions(
    string? Initial = null, bool Diagonal = false, bool PostOrdering = false, bool PlaneManifold = false,
    int Threads = 1, int BlasThreads = 1)
{
    /// <summary>The options as words of a command line.</summary>
    public IEnumerable<string> Arguments()
    {
        yield return "--information";
        yield return Diagonal ? "diagonal" : "full";
        yield return "--threads";
        yield return Threads.ToString(CultureInfo.InvariantCulture);
        if (PostOrdering)
            yield return "--postordering";
        if (PlaneManifold)
            yield return "--plane-manifold";
        if (Initial is null)
            yield break;
        yield return "--initial";
        yield return Initial;
    }
}

/// <summary>What a peer's timings depend on.</summary>
/// <param name="Ceres">Version of Ceres.</param>
/// <param name="Blas">The file that CHOLMOD's BLAS comes from, as bound by the dynamic linker.</param>
/// <param name="Lapack">The file that CHOLMOD's LAPACK comes from.</param>
/// <param name="Cholmod">The file of CHOLMOD.</param>
/// <param name="Core">The kernels that OpenBLAS picked for this processor.</param>
/// <param name="Compiler">Compiler and options of the cost functions.</param>
/// <param name="Threads">Threads of Ceres.</param>
/// <param name="BlasThreads">Threads of OpenBLAS.</param>
/// <param name="Poses">Poses read.</param>
/// <param name="Held">Of these held constant.</param>
/// <param name="Edges">Edges read.</param>
internal sealed record CeresVersion(
    string Ceres, string Blas, string Lapack, string Cholmod, string Core, string Compiler, int Threads,
    int BlasThreads, int Poses, int Held, int Edges)
{
    public override string ToString()
    {
        return $"Ceres {Ceres}, {Path.GetFileName(Cholmod)}, {Path.GetFileName(Blas)} ({Core}), {Compiler}, " +
            $"{Threads} thread(s); {Poses} poses ({Held} held), {Edges} edges";
    }
}

/// <summary>
/// One run of Ceres; times in seconds. A steady iteration is an accepted one from the second on (the first contains the
/// symbolic factorization): linear solve, step, objective of the new values, residuals and Jacobians there.
/// </summary>
/// <param name="InitialCost">Objective before.</param>
/// <param name="FinalCost">Objective after.</param>
/// <param name="Iterations">Iterations done, rejected ones included.</param>
/// <param name="Rejected">Steps rejected.</param>
/// <param name="Converged">1 where a criterion was met, else 0.</param>
/// <param name="Message">Ceres' reason to stop.</param>
/// <param name="BuildSeconds">Building the problem, where that was done for this run.</param>
/// <param name="TotalSeconds">The whole of Ceres' Solve.</param>
/// <param name="PreprocessorSeconds">Of these before the first evaluation.</param>
/// <param name="MinimizerSeconds">Of these the first evaluation and all iterations.</param>
/// <param name="Steady">Number of steady iterations; where it is 0, so are their times.</param>
/// <param name="SteadyMinimum">The fastest steady iteration.</param>
/// <param name="SteadyMedian">The median steady iteration.</param>
/// <param name="LinearMinimum">JᵀJ, factorization and solution in the fastest steady iteration by that measure.</param>
/// <param name="LinearMedian">Their median.</param>
/// <param name="JacobianMean">Mean time of an evaluation of residuals and Jacobians, the first included.</param>
/// <param name="ResidualMean">Mean time of an evaluation of the objective.</param>
/// <param name="IterationSeconds">All iterations; number 0 is the first evaluation.</param>
/// <param name="Costs">The objective after each.</param>
internal sealed record CeresRun(
    double InitialCost, double FinalCost, int Iterations, int Rejected, int Converged, string Message,
    double BuildSeconds, double TotalSeconds, double PreprocessorSeconds, double MinimizerSeconds, int Steady,
    double SteadyMinimum, double SteadyMedian, double LinearMinimum, double LinearMedian, double JacobianMean,
    double ResidualMean, double[] IterationSeconds, double[] Costs);
