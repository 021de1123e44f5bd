using System.Runtime.Intrinsics;

namespace TheseusSharp.Linear;

/// <summary>
/// Dense work on the panel of a front once it is eliminated: triangular solves for many right-hand sides, and blocks of
/// the inverse. Right-hand sides lie row after row of the panel, those of one row side by side.
/// </summary>
internal abstract unsafe class PanelKernels
{
    /// <summary>Right-hand sides come in groups of this.</summary>
    public const int Padding = FrontKernels.Padding;

    /// <summary>The kernels for the widest registers that this machine computes with.</summary>
    public static PanelKernels Default { get; } =
        Vector512.IsHardwareAccelerated ? For(512) : Vector256.IsHardwareAccelerated ? For(256) : For(128);

    /// <summary>The kernels for registers of some width; all widths give the same bits.</summary>
    public static PanelKernels For(int bits) => bits switch
    {
        512 => new PanelKernels<Rows512x1<double>, Rows512x2<double>, Rows512x4<double>>(),
        256 => new PanelKernels<Rows256x2<double>, Rows256x2<double>, Rows256x2<double>>(),
        128 => new PanelKernels<Rows128x4<double>, Rows128x4<double>, Rows128x4<double>>(),
        _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "Expected 128, 256 or 512."),
    };

    /// <summary>Z ← L⁻¹·Z for the pivots, and what that subtracts from the rows below.</summary>
    /// <param name="panel">What <see cref="FrontKernels{T}.Eliminate"/> made.</param>
    /// <param name="columns">How many columns it has.</param>
    /// <param name="rows">How many rows, the pivots included, padding not.</param>
    /// <param name="ld">How far apart its columns are.</param>
    /// <param name="z">The right-hand sides; the rows below the pivots are written.</param>
    /// <param name="count">How many right-hand sides there are, a multiple of 8.</param>
    public abstract void SolveForward(double* panel, int columns, int rows, nint ld, double* z, int count);

    /// <summary>X ← L⁻ᵀ·X for the pivots, from the rows below, which are known. Parameters as above.</summary>
    public abstract void SolveBackward(double* panel, int columns, int rows, nint ld, double* x, int count);

    /// <summary>
    /// Extends a block of the inverse: from its rows and columns below the pivots to all of the front (K. Takahashi, J.
    /// Fagan, M.-S. Chin, 1973: the inverse on the pattern of the factor needs nothing outside that).
    /// </summary>
    /// <param name="panel">What <see cref="FrontKernels{T}.Eliminate"/> made.</param>
    /// <param name="columns">How many columns it has.</param>
    /// <param name="rows">How many rows, the pivots included, padding not.</param>
    /// <param name="ld">How far apart columns of the panel, and of the inverse, are; a multiple of 8.</param>
    /// <param name="inverse">The inverse, both triangles.</param>
    public abstract void Invert(double* panel, int columns, int rows, int ld, double* inverse);
}
