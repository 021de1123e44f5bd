namespace TheseusSharp.Adjoints;

/// <summary>
/// By which numbers a gradient is. The same for vectors, points and numbers; three forms for elements of a Lie group.
/// </summary>
public enum GradientForm
{
    /// <summary>
    /// By the coordinates of δ in x∘Exp(δ), translation first, then rotation. SO2: 1 number, SE2: 3, SO3: 3, SE3: 6.
    /// </summary>
    Tangent,

    /// <summary>
    /// By the stored numbers: SO2 [cos, sin], SE2 [x, y, cos, sin], SO3 [qx, qy, qz, qw],
    /// SE3 [x, y, z, qx, qy, qz, qw]. Of all gradients that agree for every change of the stored numbers that stays on
    /// the group, the one of least norm: orthogonal to every change that leaves the group.
    /// </summary>
    Storage,

    /// <summary>
    /// By the entries of the homogeneous matrix, row after row: SO2 2 × 2, SE2 3 × 3, SO3 3 × 3, SE3 4 × 4; of least
    /// norm, so ½R·[ω]× for a rotation in 3D and R·v for a translation, and a bottom row of zeros for motions. What
    /// Theseus returns for its matrices, which lack that row, projected to the tangent space (appendix D of the paper).
    /// </summary>
    Matrix,
}
