import { startClient } from '@marquee/client-kit';
import { App } from './app.tsx';
import { PATTERNS } from './paths.ts';
import './styles.css';

startClient(Object.values(PATTERNS), <App />);
