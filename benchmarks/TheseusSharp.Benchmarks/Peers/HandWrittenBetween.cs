using System.Runtime.CompilerServices;

namespace TheseusSharp.Benchmarks.Peers;

/// <summary>
/// The SE(3) between factor as one would write it by hand: scalar, analytic, one factor at a time.
/// A pose is [tx ty tz qx qy qz qw] (unit quaternion) at <c>poses + stride * index</c>;
/// E = m⁻¹ ∘ xᵢ⁻¹ ∘ xⱼ, r = W Log(E), Log(E) = [v ω], x ← x ∘ Exp(δ).
/// </summary>
internal static unsafe class HandWrittenBetween
{
    /// <summary>Residuals alone: <paramref name="r"/> is n × 6.</summary>
    public static void Residual(
        int n, double* poses, int stride, int* i, int* j, double* m, double* w, double* r)
    {
        for (int k = 0; k < n; k++, m += 7, w += 36, r += 6)
        {
            double* a = poses + (nint)stride * i[k], b = poses + (nint)stride * j[k];
            Between(
                a[0], a[1], a[2], a[3], a[4], a[5], a[6], b[0], b[1], b[2], b[3], b[4], b[5], b[6],
                out double sx, out double sy, out double sz,
                out double px, out double py, out double pz, out double pw);
            Between(
                m[0], m[1], m[2], m[3], m[4], m[5], m[6], sx, sy, sz, px, py, pz, pw,
                out double tx, out double ty, out double tz,
                out double qx, out double qy, out double qz, out double qw);
            Logarithm(qx, qy, qz, qw, out double wx, out double wy, out double wz, out double c, out _);

            // v = t − ½ ω × t + c ω × (ω × t)
            double ax = wy * tz - wz * ty, ay = wz * tx - wx * tz, az = wx * ty - wy * tx;
            double bx = wy * az - wz * ay, by = wz * ax - wx * az, bz = wx * ay - wy * ax;
            double vx = tx - 0.5 * ax + c * bx, vy = ty - 0.5 * ay + c * by, vz = tz - 0.5 * az + c * bz;

            double* row = w;
            for (int p = 0; p < 6; p++, row += 6)
                r[p] = row[0] * vx + row[1] * vy + row[2] * vz + (row[3] * wx + row[4] * wy + row[5] * wz);
        }
    }

    /// <summary>
    /// Residuals and Jacobians: <paramref name="r"/> is n × 6, <paramref name="jac"/> n × (6 × 12), columns [δᵢ δⱼ].
    /// </summary>
    /// <remarks>
    /// With xᵢ⁻¹ xⱼ = (R, s), A = Jr⁻¹(ω) on SO(3), D = ∂(V⁻¹ t)/∂ω and F = −Rᵀ:
    /// Jr⁻¹ = [A, D A; 0, A], −Ad((xᵢ⁻¹ xⱼ)⁻¹) = [F, −F [s]×; 0, F] and J = W [−Jr⁻¹ Ad, Jr⁻¹].
    /// A row [w₁ w₂] of W gives the row [g, h − g [s]×, p, q] of J, where
    /// p = w₁ A, q = (w₁ D + w₂) A, g = p F and h = q F.
    /// </remarks>
    public static void Jacobian(
        int n, double* poses, int stride, int* i, int* j, double* m, double* w, double* r, double* jac)
    {
        for (int k = 0; k < n; k++, m += 7, r += 6)
        {
            double* a = poses + (nint)stride * i[k], b = poses + (nint)stride * j[k];
            Between(
                a[0], a[1], a[2], a[3], a[4], a[5], a[6], b[0], b[1], b[2], b[3], b[4], b[5], b[6],
                out double sx, out double sy, out double sz,
                out double px, out double py, out double pz, out double pw);
            Between(
                m[0], m[1], m[2], m[3], m[4], m[5], m[6], sx, sy, sz, px, py, pz, pw,
                out double tx, out double ty, out double tz,
                out double qx, out double qy, out double qz, out double qw);
            Logarithm(qx, qy, qz, qw, out double wx, out double wy, out double wz, out double c, out double e);

            // v = t − ½ ω × t + c ω × (ω × t)
            double ax = wy * tz - wz * ty, ay = wz * tx - wx * tz, az = wx * ty - wy * tx;
            double bx = wy * az - wz * ay, by = wz * ax - wx * az, bz = wx * ay - wy * ax;
            double vx = tx - 0.5 * ax + c * bx, vy = ty - 0.5 * ay + c * by, vz = tz - 0.5 * az + c * bz;

            // A = I + ½ [ω]× + c [ω]×², [ω]×² = ω ωᵀ − (ω·ω) I
            double cx = c * wx, cy = c * wy, cz = c * wz;
            double hx = 0.5 * wx, hy = 0.5 * wy, hz = 0.5 * wz;
            double xx = cx * wx, yy = cy * wy, zz = cz * wz, xy = cx * wy, xz = cx * wz, yz = cy * wz;
            double a00 = 1 - yy - zz, a01 = xy - hz, a02 = xz + hy;
            double a10 = xy + hz, a11 = 1 - xx - zz, a12 = yz - hx;
            double a20 = xz - hy, a21 = yz + hx, a22 = 1 - xx - yy;

            // D = ½ [t]× + c (ω tᵀ + (ω·t) I − 2 t ωᵀ) + e (ω × (ω × t)) ωᵀ
            double ux = e * bx - 2 * c * tx, uy = e * by - 2 * c * ty, uz = e * bz - 2 * c * tz;
            double d = cx * tx + cy * ty + cz * tz;
            double gx = 0.5 * tx, gy = 0.5 * ty, gz = 0.5 * tz;
            double d00 = cx * tx + ux * wx + d, d01 = cx * ty + ux * wy - gz, d02 = cx * tz + ux * wz + gy;
            double d10 = cy * tx + uy * wx + gz, d11 = cy * ty + uy * wy + d, d12 = cy * tz + uy * wz - gx;
            double d20 = cz * tx + uz * wx - gy, d21 = cz * ty + uz * wy + gx, d22 = cz * tz + uz * wz + d;

            // F = −Rᵀ
            double px2 = 2 * px, py2 = 2 * py, pz2 = 2 * pz;
            double pxx = px2 * px, pyy = py2 * py, pzz = pz2 * pz, pxy = px2 * py, pxz = px2 * pz, pyz = py2 * pz;
            double pwx = px2 * pw, pwy = py2 * pw, pwz = pz2 * pw;
            double f00 = pyy + pzz - 1, f01 = -pxy - pwz, f02 = pwy - pxz;
            double f10 = pwz - pxy, f11 = pxx + pzz - 1, f12 = -pyz - pwx;
            double f20 = -pxz - pwy, f21 = pwx - pyz, f22 = pxx + pyy - 1;

            for (int row = 0; row < 6; row++, w += 6, jac += 12)
            {
                double w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3], w4 = w[4], w5 = w[5];
                r[row] = w0 * vx + w1 * vy + w2 * vz + (w3 * wx + w4 * wy + w5 * wz);
                double p0 = w0 * a00 + w1 * a10 + w2 * a20;
                double p1 = w0 * a01 + w1 * a11 + w2 * a21;
                double p2 = w0 * a02 + w1 * a12 + w2 * a22;
                double s0 = w0 * d00 + w1 * d10 + w2 * d20 + w3;
                double s1 = w0 * d01 + w1 * d11 + w2 * d21 + w4;
                double s2 = w0 * d02 + w1 * d12 + w2 * d22 + w5;
                double q0 = s0 * a00 + s1 * a10 + s2 * a20;
                double q1 = s0 * a01 + s1 * a11 + s2 * a21;
                double q2 = s0 * a02 + s1 * a12 + s2 * a22;
                double g0 = p0 * f00 + p1 * f10 + p2 * f20;
                double g1 = p0 * f01 + p1 * f11 + p2 * f21;
                double g2 = p0 * f02 + p1 * f12 + p2 * f22;
                jac[0] = g0;
                jac[1] = g1;
                jac[2] = g2;
                jac[3] = q0 * f00 + q1 * f10 + q2 * f20 - (g1 * sz - g2 * sy);
                jac[4] = q0 * f01 + q1 * f11 + q2 * f21 - (g2 * sx - g0 * sz);
                jac[5] = q0 * f02 + q1 * f12 + q2 * f22 - (g0 * sy - g1 * sx);
                jac[6] = p0;
                jac[7] = p1;
                jac[8] = p2;
                jac[9] = q0;
                jac[10] = q1;
                jac[11] = q2;
            }
        }
    }

    /// <summary>
    /// (s, p) = a⁻¹ ∘ b: p = q̄ₐ q_b and s = d − 2 q_w u × d + 2 u × (u × d), d = t_b − tₐ, qₐ = (u, q_w).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Between(
        double atx, double aty, double atz, double ax, double ay, double az, double aw,
        double btx, double bty, double btz, double bx, double by, double bz, double bw,
        out double sx, out double sy, out double sz, out double px, out double py, out double pz, out double pw)
    {
        double dx = btx - atx, dy = bty - aty, dz = btz - atz;
        double ex = 2 * (ay * dz - az * dy), ey = 2 * (az * dx - ax * dz), ez = 2 * (ax * dy - ay * dx);
        sx = dx - aw * ex + (ay * ez - az * ey);
        sy = dy - aw * ey + (az * ex - ax * ez);
        sz = dz - aw * ez + (ax * ey - ay * ex);
        px = aw * bx - ax * bw - ay * bz + az * by;
        py = aw * by + ax * bz - ay * bw - az * bx;
        pz = aw * bz - ax * by + ay * bx - az * bw;
        pw = aw * bw + ax * bx + ay * by + az * bz;
    }

    /// <summary>
    /// ω of a quaternion (u, q_w), and the scalars of V⁻¹ and of its derivative:
    /// ω = θ u / |u|, θ = 2 atan(|u| / q_w), all signs flipped where q_w is negative;
    /// c = (1 − (θ/2) cot(θ/2)) / θ²; e = c′(θ) / θ = ((θ/2)² csc²(θ/2) + (θ/2) cot(θ/2) − 2) / θ⁴.
    /// Below θ = 1/4 or so, θ / |u| = 2 asin(|u|) / |u|, c and e are power series in |u|².
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Logarithm(
        double qx, double qy, double qz, double qw,
        out double wx, out double wy, out double wz, out double c, out double e)
    {
        double n2 = qx * qx + qy * qy + qz * qz, scale;
        if (n2 < 1.0 / 64)
        {
            // Estrin's order: short chains.
            double n4 = n2 * n2, n8 = n4 * n4;
            scale = 2 + n2 * (1.0 / 3) + n4 * (3.0 / 20 + n2 * (5.0 / 56)) +
                n8 * (35.0 / 576 + n2 * (63.0 / 1408) + n4 * (231.0 / 6656 + n2 * (143.0 / 5120)));
            c = 1.0 / 12 + n2 * (1.0 / 180) + n4 * (1.0 / 420 + n2 * (79.0 / 56700)) +
                n8 * (1759.0 / 1871100 + n2 * (586297.0 / 851350500) +
                    n4 * (370787.0 / 696559500 + n2 * (834929471.0 / 1953849397500)));
            e = 1.0 / 360 + n2 * (1.0 / 1890) + n4 * (29.0 / 113400 + n2 * (59.0 / 374220)) +
                n8 * (559579.0 / 5108103000 + n2 * (482.0 / 5893965) +
                    n4 * (256703.0 / 4007896200 + n2 * (2698342553.0 / 51972393973500)));
        }
        else
        {
            double cosine = Math.Abs(qw), n = Math.Sqrt(n2);
            double theta = 2 * Math.Atan(n / cosine);
            scale = theta / n;
            double cotangent = 0.5 * scale * cosine, inverse = 1 / (theta * theta);
            c = (1 - cotangent) * inverse;
            e = (0.25 * scale * scale + cotangent - 2) * inverse * inverse;
        }

        scale = Math.CopySign(scale, qw);
        wx = scale * qx;
        wy = scale * qy;
        wz = scale * qz;
    }
}
