using System.Runtime.CompilerServices;

namespace TheseusSharp.Benchmarks.Peers;

/// <summary>
/// Snavely's reprojection error, as in BAL, as one would write it by hand: scalar, analytic, one factor at a time.
/// A camera is [angle-axis(3) t(3) f k₁ k₂] at <c>cameras + cameraStride * index</c>, a point is three numbers at
/// <c>points + pointStride * index</c>;
/// P = R(ω) X + t, p = −P.xy / P.z, r = f (1 + k₁ |p|² + k₂ |p|⁴) p − obs.
/// </summary>
internal static unsafe class HandWrittenSnavely
{
    /// <summary>Residuals alone: <paramref name="r"/> is n × 2.</summary>
    public static void Residual(
        int n, double* cameras, int cameraStride, double* points, int pointStride, int* camera, int* point,
        double* obs, double* r)
    {
        for (int k = 0; k < n; k++, obs += 2, r += 2)
        {
            double* cam = cameras + (nint)cameraStride * camera[k], x = points + (nint)pointStride * point[k];
            double wx = cam[0], wy = cam[1], wz = cam[2];
            double x0 = x[0], x1 = x[1], x2 = x[2];
            Rodrigues(wx * wx + wy * wy + wz * wz, out double cosine, out double a, out double b, out _);

            // P = cos θ X + a ω × X + b (ω·X) ω + t
            double bd = b * (wx * x0 + wy * x1 + wz * x2);
            double pX = cosine * x0 + a * (wy * x2 - wz * x1) + bd * wx + cam[3];
            double pY = cosine * x1 + a * (wz * x0 - wx * x2) + bd * wy + cam[4];
            double pZ = cosine * x2 + a * (wx * x1 - wy * x0) + bd * wz + cam[5];
            double inverse = -1 / pZ;
            double px = pX * inverse, py = pY * inverse;
            double n2 = px * px + py * py;
            double scale = cam[6] * (1 + n2 * (cam[7] + n2 * cam[8]));
            r[0] = scale * px - obs[0];
            r[1] = scale * py - obs[1];
        }
    }

    /// <summary>
    /// Residuals and Jacobians: <paramref name="r"/> is n × 2, <paramref name="jac"/> n × (2 × 12), columns
    /// [camera(9) point(3)], plain derivatives.
    /// </summary>
    /// <remarks>
    /// With n₂ = |p|², L = 1 + k₁ n₂ + k₂ n₂², L′ = k₁ + 2 k₂ n₂:
    /// ∂r/∂p = f (L I + 2 L′ p pᵀ), ∂p/∂P = −1/P.z [I p], U = ∂r/∂p ∂p/∂P;
    /// ∂r/∂t = U, ∂r/∂f = L p, ∂r/∂k₁ = f n₂ p, ∂r/∂k₂ = f n₂² p;
    /// and for each row u of U, as ∂(R X)/∂ω = −R [X]× Jr:
    /// ∂r/∂X = y = Rᵀ u = cos θ u + a u × ω + b (ω·u) ω,
    /// ∂r/∂ω = Jrᵀ z = a z + b ω × z + c (ω·z) ω, z = X × y.
    /// </remarks>
    public static void Jacobian(
        int n, double* cameras, int cameraStride, double* points, int pointStride, int* camera, int* point,
        double* obs, double* r, double* jac)
    {
        for (int k = 0; k < n; k++, obs += 2, r += 2, jac += 24)
        {
            double* cam = cameras + (nint)cameraStride * camera[k], x = points + (nint)pointStride * point[k];
            double wx = cam[0], wy = cam[1], wz = cam[2], f = cam[6], k1 = cam[7], k2 = cam[8];
            double x0 = x[0], x1 = x[1], x2 = x[2];
            Rodrigues(wx * wx + wy * wy + wz * wz, out double cosine, out double a, out double b, out double c);

            // P = cos θ X + a ω × X + b (ω·X) ω + t
            double bd = b * (wx * x0 + wy * x1 + wz * x2);
            double pX = cosine * x0 + a * (wy * x2 - wz * x1) + bd * wx + cam[3];
            double pY = cosine * x1 + a * (wz * x0 - wx * x2) + bd * wy + cam[4];
            double pZ = cosine * x2 + a * (wx * x1 - wy * x0) + bd * wz + cam[5];
            double inverse = -1 / pZ;
            double px = pX * inverse, py = pY * inverse;
            double n2 = px * px + py * py;
            double distortion = 1 + n2 * (k1 + n2 * k2), scale = f * distortion;
            r[0] = scale * px - obs[0];
            r[1] = scale * py - obs[1];

            double diagonal = scale * inverse, outer = 2 * f * (k1 + 2 * k2 * n2) * inverse;
            double ox = outer * px, oy = outer * py, mixed = ox * py, along = diagonal + outer * n2;
            double fn2 = f * n2, fn4 = fn2 * n2;
            Row(
                diagonal + ox * px, mixed, along * px, distortion * px, fn2 * px, fn4 * px,
                wx, wy, wz, x0, x1, x2, cosine, a, b, c, jac);
            Row(
                mixed, diagonal + oy * py, along * py, distortion * py, fn2 * py, fn4 * py,
                wx, wy, wz, x0, x1, x2, cosine, a, b, c, jac + 12);
        }
    }

    /// <summary>A row of the Jacobian from the row (u0, u1, u2) of U and the derivatives by f, k₁ and k₂.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(
        double u0, double u1, double u2, double byFocal, double byK1, double byK2,
        double wx, double wy, double wz, double x0, double x1, double x2,
        double cosine, double a, double b, double c, double* row)
    {
        double d = b * (wx * u0 + wy * u1 + wz * u2);
        double y0 = cosine * u0 + a * (u1 * wz - u2 * wy) + d * wx;
        double y1 = cosine * u1 + a * (u2 * wx - u0 * wz) + d * wy;
        double y2 = cosine * u2 + a * (u0 * wy - u1 * wx) + d * wz;
        double z0 = x1 * y2 - x2 * y1, z1 = x2 * y0 - x0 * y2, z2 = x0 * y1 - x1 * y0;
        double g = c * (wx * z0 + wy * z1 + wz * z2);
        row[0] = a * z0 + b * (wy * z2 - wz * z1) + g * wx;
        row[1] = a * z1 + b * (wz * z0 - wx * z2) + g * wy;
        row[2] = a * z2 + b * (wx * z1 - wy * z0) + g * wz;
        row[3] = u0;
        row[4] = u1;
        row[5] = u2;
        row[6] = byFocal;
        row[7] = byK1;
        row[8] = byK2;
        row[9] = y0;
        row[10] = y1;
        row[11] = y2;
    }

    /// <summary>
    /// The coefficients of Rodrigues' formula and of the right Jacobian Jr = a I − b [ω]× + c ω ωᵀ, for x = θ² = |ω|²:
    /// a = sin θ / θ, b = (1 − cos θ) / θ², c = (1 − a) / θ². From the half angle, 1 − cos θ = 2 sin²(θ/2) loses no
    /// digits; below θ = 1/10, power series.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rodrigues(double x, out double cosine, out double a, out double b, out double c)
    {
        if (x < 0.01)
        {
            b = 1.0 / 2 - x * (1.0 / 24 - x * (1.0 / 720 - x * (1.0 / 40320 - x * (1.0 / 3628800))));
            c = 1.0 / 6 - x * (1.0 / 120 - x * (1.0 / 5040 - x * (1.0 / 362880 - x * (1.0 / 39916800))));
            cosine = 1 - x * b;
            a = 1 - x * c;
            return;
        }

        double theta = Math.Sqrt(x), inverse = 1 / x;
        (double s, double h) = Math.SinCos(0.5 * theta);
        double versine = 2 * s * s;
        cosine = 1 - versine;
        a = 2 * s * h * theta * inverse;
        b = versine * inverse;
        c = (1 - a) * inverse;
    }
}
