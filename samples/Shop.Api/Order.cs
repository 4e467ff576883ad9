namespace Shop;

/// <summary>What is ordered.</summary>
sealed record Order(string Product, int Pieces);
