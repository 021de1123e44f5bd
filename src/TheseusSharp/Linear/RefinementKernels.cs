namespace TheseusSharp.Linear;

/// <summary>
/// What is done in double precision around a factorization in single precision, for some number of lanes. The system is
/// A·x = b, A = H + D; scaled, S·A·S and S·b, the diagonal matrix S of powers of two.
/// </summary>
internal abstract unsafe class RefinementKernels
{
    /// <summary>The kernels for some number of lanes.</summary>
    /// <param name="lanes">2, 4 or 8.</param>
    public static RefinementKernels For(int lanes) => lanes switch
    {
        2 => new RefinementKernels<Lanes2, SingleLanes2>(),
        4 => new RefinementKernels<Lanes4, SingleLanes4>(),
        8 => new RefinementKernels<Lanes8, SingleLanes8>(),
        _ => throw new ArgumentOutOfRangeException(nameof(lanes), lanes, "Expected 2, 4 or 8 lanes."),
    };

    /// <summary>Finds S, with which the diagonal of S·A·S is in [½, 2), and rounds S·A·S.</summary>
    /// <param name="system">A, and where S goes.</param>
    /// <param name="scaled">Receives S·A·S, laid out as H.</param>
    public abstract void Scale(in RefinementSystem system, float* scaled);

    /// <summary>x ← x + Σ·S·δ in chosen lanes, Σ being a number for each lane.</summary>
    /// <param name="system">S.</param>
    /// <param name="correction">δ.</param>
    /// <param name="factors">Σ.</param>
    /// <param name="mask">All bits set in the lanes to correct; others keep their x.</param>
    /// <param name="x">x.</param>
    /// <param name="largest">Receives the largest size of an entry of S⁻¹·x in each lane.</param>
    public abstract void Correct(
        in RefinementSystem system, float* correction, double* factors, double* mask, double* x, double* largest);

    /// <summary>residual ← b − A·x.</summary>
    /// <param name="system">A and S.</param>
    /// <param name="right">b.</param>
    /// <param name="x">x.</param>
    /// <param name="residual">Receives the residual.</param>
    /// <param name="largest">Receives the largest size of an entry of S·residual in each lane.</param>
    public abstract void Residual(
        in RefinementSystem system, double* right, double* x, double* residual, double* largest);

    /// <summary>The largest size of an entry of S·v in each lane; NaN if one is.</summary>
    public abstract void Largest(in RefinementSystem system, double* v, double* largest);

    /// <summary>target ← Σ·S·v, rounded.</summary>
    /// <param name="system">S.</param>
    /// <param name="v">v.</param>
    /// <param name="factors">Σ: a number for each lane.</param>
    /// <param name="target">Receives the result.</param>
    public abstract void Narrow(in RefinementSystem system, double* v, double* factors, float* target);

    /// <summary>The largest inverse root of a pivot in each lane.</summary>
    /// <param name="plan">Where pivots lie.</param>
    /// <param name="factor">The factors.</param>
    /// <param name="largest">Receives it.</param>
    public abstract void LargestOnDiagonal(InterleavedPlan plan, float* factor, double* largest);
}

/// <summary>The matrices of a pack, lanes side by side, and their scale.</summary>
internal readonly unsafe struct RefinementSystem
{
    /// <summary>The structure of H.</summary>
    public required BlockStructure Structure { get; init; }

    /// <summary>H.</summary>
    public required double* Values { get; init; }

    /// <summary>The diagonal of D; null for none.</summary>
    public required double* Damping { get; init; }

    /// <summary>The diagonal of S.</summary>
    public required double* Scales { get; init; }
}
