namespace TheseusSharp.Benchmarks.Peers;

/// <summary>
/// The between factor as the formulas stand in a textbook: 3×3 blocks formed, then multiplied. What one writes by hand
/// on
/// the first day, next to <see cref="HandWrittenBetween"/>, which is what an expert makes of it in a week.
/// </summary>
internal static unsafe class TextbookBetween
{
    /// <summary>Residual and both Jacobians; arguments as in <see cref="HandWrittenBetween.Jacobian"/>.</summary>
    public static void Jacobian(
        int n, double* poses, int stride, int* i, int* j, double* m, double* w, double* r, double* jacobian)
    {
        double* between = stackalloc double[7];
        double* error = stackalloc double[7];
        double* xi = stackalloc double[6];
        double* log = stackalloc double[18];
        double* adjoint = stackalloc double[18];
        double* second = stackalloc double[36];
        for (int k = 0; k < n; k++)
        {
            InverseCompose(poses + ((long)i[k] * stride), poses + ((long)j[k] * stride), between);
            InverseCompose(m + (7L * k), between, error);
            Logarithm(error, xi, log);
            AdjointOfInverse(between, adjoint);
            double* weight = w + (36L * k);
            for (int row = 0; row < 6; row++)
            {
                double sum = 0;
                for (int c = 0; c < 6; c++)
                    sum += weight[(6 * row) + c] * xi[c];
                r[(6L * k) + row] = sum;
            }

            Multiply(weight, log, second, 6, 1);
            double* target = jacobian + (72L * k);
            Multiply(second, adjoint, target, 12, -1);
            for (int row = 0; row < 6; row++)
                for (int c = 0; c < 6; c++)
                    target[(12 * row) + 6 + c] = second[(6 * row) + c];
        }
    }

    /// <summary>A 6×6 matrix times [[X, Y], [0, X]], of which X and Y are given.</summary>
    private static void Multiply(double* a, double* blocks, double* result, int pitch, double sign)
    {
        double* x = blocks, y = blocks + 9;
        for (int row = 0; row < 6; row++)
        {
            double a0 = sign * a[(6 * row) + 0], a1 = sign * a[(6 * row) + 1], a2 = sign * a[(6 * row) + 2];
            double a3 = sign * a[(6 * row) + 3], a4 = sign * a[(6 * row) + 4], a5 = sign * a[(6 * row) + 5];
            double* target = result + (pitch * row);
            for (int c = 0; c < 3; c++)
            {
                target[c] = (a0 * x[c]) + (a1 * x[3 + c]) + (a2 * x[6 + c]);
                target[3 + c] = (a0 * y[c]) + (a1 * y[3 + c]) + (a2 * y[6 + c])
                    + (a3 * x[c]) + (a4 * x[3 + c]) + (a5 * x[6 + c]);
            }
        }
    }

    private static void InverseCompose(double* a, double* b, double* result)
    {
        double* rotation = stackalloc double[9];
        Rotation(a, rotation);
        double dx = b[0] - a[0], dy = b[1] - a[1], dz = b[2] - a[2];
        for (int k = 0; k < 3; k++)
            result[k] = (rotation[k] * dx) + (rotation[3 + k] * dy) + (rotation[6 + k] * dz);
        double ax = -a[3], ay = -a[4], az = -a[5], aw = a[6], bx = b[3], by = b[4], bz = b[5], bw = b[6];
        result[3] = (aw * bx) + (ax * bw) + (ay * bz) - (az * by);
        result[4] = (aw * by) - (ax * bz) + (ay * bw) + (az * bx);
        result[5] = (aw * bz) + (ax * by) - (ay * bx) + (az * bw);
        result[6] = (aw * bw) - (ax * bx) - (ay * by) - (az * bz);
    }

    private static void Rotation(double* pose, double* r)
    {
        double x = pose[3], y = pose[4], z = pose[5], w = pose[6];
        r[0] = 1 - (2 * ((y * y) + (z * z)));
        r[1] = 2 * ((x * y) - (w * z));
        r[2] = 2 * ((x * z) + (w * y));
        r[3] = 2 * ((x * y) + (w * z));
        r[4] = 1 - (2 * ((x * x) + (z * z)));
        r[5] = 2 * ((y * z) - (w * x));
        r[6] = 2 * ((x * z) - (w * y));
        r[7] = 2 * ((y * z) + (w * x));
        r[8] = 1 - (2 * ((x * x) + (y * y)));
    }

    /// <summary>ξ = Log and the blocks A and D·A of the inverse right Jacobian [[A, D·A], [0, A]].</summary>
    private static void Logarithm(double* pose, double* xi, double* jacobian)
    {
        double sign = pose[6] < 0 ? -1 : 1;
        double n = Math.Sqrt((pose[3] * pose[3]) + (pose[4] * pose[4]) + (pose[5] * pose[5]));
        double angle = 2 * Math.Atan2(n, sign * pose[6]);
        double scale = n < 1e-9 ? 2 : angle / n;
        double x = sign * scale * pose[3], y = sign * scale * pose[4], z = sign * scale * pose[5];
        double squared = (x * x) + (y * y) + (z * z);
        bool small = squared < 1e-2;
        double half = 0.5 * angle;
        double c = small
            ? (1.0 / 12) + (squared / 720) + (squared * squared / 30240)
            : (1 - (half * Math.Cos(half) / Math.Sin(half))) / squared;
        double slope = small
            ? (1.0 / 360) + (squared / 7560) + (squared * squared / 201600)
            : ((0.25 / (n * n)) - (1 / squared) - c) / squared;
        double tx = pose[0], ty = pose[1], tz = pose[2];
        double cx = (y * tz) - (z * ty), cy = (z * tx) - (x * tz), cz = (x * ty) - (y * tx);
        double ccx = (y * cz) - (z * cy), ccy = (z * cx) - (x * cz), ccz = (x * cy) - (y * cx);
        xi[0] = tx - (0.5 * cx) + (c * ccx);
        xi[1] = ty - (0.5 * cy) + (c * ccy);
        xi[2] = tz - (0.5 * cz) + (c * ccz);
        xi[3] = x;
        xi[4] = y;
        xi[5] = z;

        double* omega = stackalloc double[] { x, y, z };
        double* t = stackalloc double[] { tx, ty, tz };
        double* twice = stackalloc double[] { ccx, ccy, ccz };
        double* a = stackalloc double[] { 0, -0.5 * z, 0.5 * y, 0.5 * z, 0, -0.5 * x, -0.5 * y, 0.5 * x, 0 };
        double* d = stackalloc double[] { 0, -0.5 * tz, 0.5 * ty, 0.5 * tz, 0, -0.5 * tx, -0.5 * ty, 0.5 * tx, 0 };
        double dot = (x * tx) + (y * ty) + (z * tz);
        for (int row = 0; row < 3; row++)
            for (int column = 0; column < 3; column++)
            {
                double diagonal = row == column ? 1 : 0;
                a[(3 * row) + column] += (diagonal * (1 - (c * squared))) + (c * omega[row] * omega[column]);
                double products = (omega[row] * t[column]) + (diagonal * dot) - (2 * t[row] * omega[column]);
                d[(3 * row) + column] += (c * products) + (slope * twice[row] * omega[column]);
            }

        for (int row = 0; row < 3; row++)
            for (int column = 0; column < 3; column++)
            {
                double sum = 0;
                for (int k = 0; k < 3; k++)
                    sum += d[(3 * row) + k] * a[(3 * k) + column];
                jacobian[(3 * row) + column] = a[(3 * row) + column];
                jacobian[9 + (3 * row) + column] = sum;
            }
    }

    /// <summary>The blocks Rᵀ and −Rᵀ[t]× of Ad(x⁻¹) = [[Rᵀ, −Rᵀ[t]×], [0, Rᵀ]].</summary>
    private static void AdjointOfInverse(double* pose, double* adjoint)
    {
        double* r = stackalloc double[9];
        Rotation(pose, r);
        double x = pose[0], y = pose[1], z = pose[2];
        double* cross = stackalloc double[] { 0, -z, y, z, 0, -x, -y, x, 0 };
        for (int row = 0; row < 3; row++)
            for (int column = 0; column < 3; column++)
            {
                double sum = 0;
                for (int k = 0; k < 3; k++)
                    sum -= r[(3 * k) + row] * cross[(3 * k) + column];
                adjoint[(3 * row) + column] = r[(3 * column) + row];
                adjoint[9 + (3 * row) + column] = sum;
            }
    }
}
