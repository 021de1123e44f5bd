using TheseusSharp.Linear;

namespace TheseusSharp.Tests.Linear;

public class ManyRightSidesTests
{
    public static TheoryData<string> GraphNames => [.. Graphs.All];

    private static readonly int[][] s_patterns = [[1], [3], [6, 3], [1, 2, 3, 6, 7, 9]];

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void Each_solution_equals_that_of_its_right_hand_side_alone(string name)
    {
        (int count, (int, int)[] pairs) = Graphs.Create(name);
        foreach (int[] pattern in s_patterns)
        {
            BlockMatrix matrix = RandomMatrix.Create(Graphs.Sizes(count, pattern), pairs, 61, diagonal: 0.1);
            int n = matrix.Structure.Dimension;
            using var solver = new MultifrontalCholesky(matrix.Structure);
            Assert.True(solver.Factor(matrix).Succeeded);
            foreach (int sides in new[] { 0, 1, 2, 3, 8, 13, 16, 33, 64 })
            {
                double[] b = RandomMatrix.Vector(sides * n, 62), x = new double[b.Length], alone = new double[n];
                solver.Solve(b, x, sides);
                for (int side = 0; side < sides && n > 0; side++)
                {
                    double[] right = b[(side * n)..((side + 1) * n)], found = x[(side * n)..((side + 1) * n)];
                    solver.Solve(right, alone);
                    Assert.InRange(RandomMatrix.BackwardError(matrix, found, right), 0, 1e-13);
                    Dense.AssertClose(alone, found, 1e-10);
                }

                solver.Solve(b, b, sides);
                Assert.Equal(x, b);
            }
        }
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        using var solver = new MultifrontalCholesky(BlockStructure.Create([2, 1], []));
        Assert.Throws<InvalidOperationException>(() => solver.Solve(new double[6], new double[6], 2));
        Assert.Throws<ArgumentException>(() => solver.Solve(new double[5], new double[6], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => solver.Solve([], [], -1));
    }
}
