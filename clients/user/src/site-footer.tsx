export const SiteFooter = () => (
  <footer class="site-footer">
    <div class="site-header__inner">
      <span>One graph over several MongoDB clusters.</span>
      <a href="/graphiql">Query the graph yourself in GraphiQL</a>
    </div>
  </footer>
);
